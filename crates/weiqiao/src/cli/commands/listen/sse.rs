//! Server-sent events, as far as our own service writes them.

/// The longest event that is read, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) event: String,
    pub(super) id: String,
    pub(super) data: String,
}

/// Puts chunks together.
#[derive(Debug, Default)]
pub(super) struct Reader {
    bytes: Vec<u8>,
    message: Message,
}

impl Reader {
    /// The events that are complete with this chunk.
    pub(super) fn read(&mut self, chunk: &[u8]) -> Vec<Message> {
        self.bytes.extend_from_slice(chunk);
        let mut found = Vec::new();
        while let Some(end) = self.bytes.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.bytes.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            self.line(line.trim_end_matches(['\n', '\r']), &mut found);
        }
        if self.bytes.len() > LONGEST || self.message.data.len() > LONGEST {
            *self = Self::default();
        }
        found
    }

    fn line(&mut self, line: &str, found: &mut Vec<Message>) {
        if line.is_empty() {
            let message = std::mem::take(&mut self.message);
            if !message.data.is_empty() {
                found.push(message);
            }
            return;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "id" => value.clone_into(&mut self.message.id),
            "event" => value.clone_into(&mut self.message.event),
            "data" if self.message.data.is_empty() => value.clone_into(&mut self.message.data),
            "data" => self.message.data.extend(["\n", value]),
            // Comments, and what is not ours.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_whole_however_they_are_cut() {
        let text = ":alive\n\nevent: push\nid: 1\ndata: {\"a\":\"你\"}\n\nid:2\r\ndata:x\r\ndata: y\r\n\r\nid: 3\n\n";
        let expected = [("1", "{\"a\":\"你\"}"), ("2", "x\ny")];
        for size in [1, 2, 3, 7, text.len()] {
            let mut reader = Reader::default();
            let found: Vec<_> = text.as_bytes().chunks(size).flat_map(|chunk| reader.read(chunk)).collect();
            assert_eq!(found.first().map(|message| message.event.as_str()), Some("push"));
            let found: Vec<_> = found.iter().map(|message| (message.id.as_str(), message.data.as_str())).collect();
            assert_eq!(found, expected, "{size}");
        }
    }
}
