//! QR codes (ISO/IEC 18004) as PNG.

use png::{BitDepth, ColorType, Encoder};
use qrcodegen::{QrCode, QrCodeEcc};
use thiserror::Error;

/// Pixels of a module's side.
const MODULE: i32 = 4;

/// Modules of white around the code, as the standard asks for.
const QUIET_ZONE: i32 = 4;

/// Why a text has no image.
#[derive(Debug, Error)]
pub enum QrCodeError {
    /// It is too long.
    #[error("the text is too long for a QR code")]
    TooLong,
    /// The image can't be written.
    #[error("the QR code can't be written: {0}")]
    Png(#[from] png::EncodingError),
}

/// A picture of a text, black on white.
///
/// # Errors
/// [`QrCodeError`] where the text is too long.
pub fn png(text: &str) -> Result<Vec<u8>, QrCodeError> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| QrCodeError::TooLong)?;
    let side = (code.size() + 2 * QUIET_ZONE) * MODULE;
    let mut image = Vec::new();
    let mut encoder = Encoder::new(&mut image, side.unsigned_abs(), side.unsigned_abs());
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    encoder.write_header()?.write_image_data(&pixels(&code, side))?;
    Ok(image)
}

fn pixels(code: &QrCode, side: i32) -> Vec<u8> {
    let pixel = |x: i32, y: i32| {
        let is_dark = code.get_module(x / MODULE - QUIET_ZONE, y / MODULE - QUIET_ZONE);
        if is_dark { 0 } else { u8::MAX }
    };
    (0..side).flat_map(|y| (0..side).map(move |x| pixel(x, y))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_shows_the_code() -> Result<(), Box<dyn std::error::Error>> {
        let png = png("otpauth://totp/alice?secret=GEZDGNBVGY3TQOJQ")?;
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info()?;
        let mut pixels = vec![0; reader.output_buffer_size().ok_or("too large")?];
        let info = reader.next_frame(&mut pixels)?;
        assert_eq!(info.width, info.height);
        let width = usize::try_from(info.width)?;
        let at = |x: usize, y: usize| pixels.get(y * width + x).copied();
        // The white border, then a corner of a finder pattern: dark, light, dark.
        let modules = [0, 3, 4, 5, 6].map(|module| at(module * 4 + 1, module * 4 + 1));
        assert_eq!(modules, [Some(255), Some(255), Some(0), Some(255), Some(0)]);
        Ok(())
    }

    #[test]
    fn a_text_that_does_not_fit_is_an_error() {
        assert!(matches!(png(&"x".repeat(3000)), Err(QrCodeError::TooLong)));
    }
}
