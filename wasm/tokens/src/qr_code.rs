use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::failure::{Failure, to_js};

/// A QR code: `QrCode` of `tokens.d.ts`.
#[derive(Debug, Serialize)]
struct Matrix {
    size: u32,
    rows: Vec<Vec<bool>>,
}

/// The QR code (ISO/IEC 18004) of a text, at least at error correction level `level`: a higher one where that takes no more room.
///
/// # Errors
/// What is thrown says that the text is too long, or that there is no such level.
#[wasm_bindgen(js_name = qrCode)]
pub fn qr_code(text: String, level: &str) -> Result<JsValue, JsValue> {
    to_js(&matrix(&Zeroizing::new(text), level)?)
}

fn matrix(text: &str, level: &str) -> Result<Matrix, Failure> {
    let code = QrCode::encode_text(text, error_correction(level)?).map_err(|_| Failure::QrCodeTooLong)?;
    let row = |y| (0..code.size()).map(|x| code.get_module(x, y)).collect();
    Ok(Matrix { size: code.size().unsigned_abs(), rows: (0..code.size()).map(row).collect() })
}

fn error_correction(level: &str) -> Result<QrCodeEcc, Failure> {
    match level {
        "L" => Ok(QrCodeEcc::Low),
        "M" => Ok(QrCodeEcc::Medium),
        "Q" => Ok(QrCodeEcc::Quartile),
        "H" => Ok(QrCodeEcc::High),
        _ => Err(Failure::ErrorCorrection),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The finder pattern that stands in three corners (ISO/IEC 18004 §6.3.3): rings around a dark middle.
    fn finder_at(matrix: &Matrix, left: usize, top: usize) -> bool {
        let dark = |x: usize, y: usize| x.abs_diff(3).max(y.abs_diff(3)) != 2;
        let row = |y: usize| (0..7).map(|x| dark(x, y)).collect::<Vec<_>>();
        let found = |y: usize| matrix.rows.get(top + y)?.get(left..left + 7);
        (0..7).all(|y| found(y) == Some(&row(y)))
    }

    #[test]
    fn a_code_is_a_square_with_three_finder_patterns() -> Result<(), Failure> {
        let matrix = matrix("otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "M")?;
        let size = matrix.rows.len();
        assert_eq!(u32::try_from(size), Ok(matrix.size));
        assert!(matrix.rows.iter().all(|row| row.len() == size));
        let far = size - 7;
        for (left, top, expected) in [(0, 0, true), (far, 0, true), (0, far, true), (far, far, false)] {
            assert_eq!(finder_at(&matrix, left, top), expected, "{left}, {top}");
        }
        Ok(())
    }

    #[test]
    fn the_longest_uris_fit_and_a_book_does_not() -> Result<(), Failure> {
        assert_eq!(matrix(&"x".repeat(400), "M")?.size, 77);
        assert_eq!(matrix(&"x".repeat(2332), "M").err(), Some(Failure::QrCodeTooLong));
        assert_eq!(matrix("x", "m").err(), Some(Failure::ErrorCorrection));
        Ok(())
    }
}
