//! The canaries: values that are found nowhere else in the world.

/// How far a value may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Keys, passwords, tokens: to whom they were given, and nowhere else.
    Secret,
    /// Who somebody is and what they say: to themselves, and to staff who may know it.
    Personal,
    /// A phone: as [`Kind::Personal`], but no list shows it whole.
    Phone,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Canary {
    pub what: String,
    pub value: String,
    pub kind: Kind,
}

/// All of them.
#[derive(Debug, Default)]
pub struct Canaries(Vec<Canary>);

impl Canaries {
    /// Takes a value up; gives it back.
    pub fn plant(&mut self, kind: Kind, what: &str, value: impl Into<String>) -> String {
        let value = value.into();
        assert!(value.len() >= 6, "{what} is too short to be looked for: {value}");
        if self.0.iter().all(|known| known.value != value) {
            self.0.push(Canary { what: what.to_owned(), value: value.clone(), kind });
        }
        value
    }

    pub fn all(&self) -> &[Canary] {
        &self.0
    }

    pub fn of(&self, kinds: &[Kind]) -> Vec<&Canary> {
        self.0.iter().filter(|canary| kinds.contains(&canary.kind)).collect()
    }
}

impl Canary {
    /// How it may look: as it is, in an address, in Base64, in hex, in JSON with escapes.
    pub fn shapes(&self) -> Vec<Vec<u8>> {
        use base64::Engine as _;
        let bytes = self.value.as_bytes();
        let percent: String = bytes
            .iter()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(*byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        let escaped: String = self
            .value
            .encode_utf16()
            .map(|unit| match u8::try_from(unit).ok().filter(u8::is_ascii_graphic) {
                Some(byte) => char::from(byte).to_string(),
                None => format!("\\u{unit:04x}"),
            })
            .collect();
        // In Base64 every third byte begins anew; what is left out at both ends depends on the neighbours.
        let base64 = |skip: usize| {
            let whole = bytes.get(skip..).unwrap_or_default();
            let whole = &whole[..whole.len() / 3 * 3];
            base64::engine::general_purpose::STANDARD.encode(whole).into_bytes()
        };
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut shapes = vec![bytes.to_vec(), percent.into_bytes(), escaped.into_bytes(), hex.into_bytes()];
        shapes.extend((0..3).map(base64).filter(|shape| shape.len() >= 8));
        shapes.sort();
        shapes.dedup();
        shapes
    }
}

/// Where something was found that must not be there.
#[derive(Debug)]
pub struct Hit {
    pub place: String,
    pub what: String,
    pub around: String,
}

/// Looks for these in one place.
pub fn hits(place: &str, text: &[u8], canaries: &[&Canary]) -> Vec<Hit> {
    let mut found = Vec::new();
    for canary in canaries {
        for shape in canary.shapes() {
            if let Some(at) = memchr::memmem::find(text, &shape) {
                let around = &text[at.saturating_sub(160)..(at + shape.len() + 60).min(text.len())];
                let around = String::from_utf8_lossy(around).into_owned();
                found.push(Hit { place: place.to_owned(), what: canary.what.clone(), around });
            }
        }
    }
    found
}

#[test]
fn every_shape_is_found() {
    let mut canaries = Canaries::default();
    canaries.plant(Kind::Personal, "nickname", "金丝雀 \"Nick\"");
    let canary = &canaries.all()[0];
    assert!(canary.shapes().len() >= 6, "{:?}", canary.shapes());
    for shape in canary.shapes() {
        let text = [b"{\"x\":\"".as_slice(), &shape, b"\"}"].concat();
        assert!(!hits("here", &text, &[canary]).is_empty());
    }
    assert!(hits("here", "金丝 雀".as_bytes(), &[canary]).is_empty());
}
