//! Keys and certificates as consoles and `openssl` write them.

use der::asn1::AnyRef;
use der::{Decode as _, Reader as _, SliceReader, Tag};
use zeroize::Zeroizing;

use super::KeyError;

/// A decoded PEM block.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) der: Zeroizing<Vec<u8>>,
}

/// The first PEM block of a text.
pub(super) fn decode(pem: &str, kind: &'static str) -> Result<Block, KeyError> {
    let (label, der) = der::pem::decode_vec(pem.trim().as_bytes()).map_err(|_| KeyError::Pem { kind })?;
    Ok(Block { label: label.to_owned(), der: Zeroizing::new(der) })
}

/// The public key (`SubjectPublicKeyInfo`) of a certificate, or of a block that is nothing else.
pub(super) fn public_key(pem: &str, kind: &'static str) -> Result<Vec<u8>, KeyError> {
    let Block { label, der } = decode(pem, kind)?;
    match label.as_str() {
        "CERTIFICATE" => of_certificate(&der).map(<[u8]>::to_vec).map_err(|_| KeyError::Content { kind }),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Ok(der.to_vec()),
        _ => Err(KeyError::Pem { kind }),
    }
}

/// RFC 5280: version (tagged 0, may be missing), number, algorithm, issuer, validity, subject, then the key.
fn of_certificate(certificate: &[u8]) -> der::Result<&[u8]> {
    let mut outer = SliceReader::new(certificate)?;
    let certificate = AnyRef::decode(&mut outer)?;
    let mut reader = SliceReader::new(certificate.value())?;
    let signed = AnyRef::decode(&mut reader)?;
    let mut fields = SliceReader::new(signed.value())?;
    if Tag::peek(&fields)?.is_context_specific() {
        fields.tlv_bytes()?;
    }
    for _before_the_key in 0..5 {
        fields.tlv_bytes()?;
    }
    fields.tlv_bytes()
}
