//! Base64 as WeChat's peers write it.

use std::sync::LazyLock;

use ::base64::alphabet;
use ::base64::engine::general_purpose::PAD;
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// The standard alphabet, padded, nothing forgiven; with the vector instructions of the processor where there are some.
#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
pub(crate) static STANDARD: LazyLock<::base64::engine::Simd> = LazyLock::new(|| ::base64::engine::Simd::standard(PAD));
/// The standard alphabet, padded, nothing forgiven.
#[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"))))]
pub(crate) static STANDARD: LazyLock<GeneralPurpose> = LazyLock::new(|| GeneralPurpose::new(&alphabet::STANDARD, PAD));

/// The standard alphabet; free bits in the last character and missing padding are accepted when reading.
pub(crate) const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
