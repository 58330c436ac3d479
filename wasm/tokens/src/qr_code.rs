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
    let too_long = |_| Failure::new("qr-code-too-long", "the text does not fit into a QR code: shorten it");
    let code = QrCode::encode_text(text, error_correction(level)?).map_err(too_long)?;
    let row = |y| (0..code.size()).map(|x| code.get_module(x, y)).collect();
    Ok(Matrix { size: code.size().unsigned_abs(), rows: (0..code.size()).map(row).collect() })
}

fn error_correction(level: &str) -> Result<QrCodeEcc, Failure> {
    match level {
        "L" => Ok(QrCodeEcc::Low),
        "M" => Ok(QrCodeEcc::Medium),
        "Q" => Ok(QrCodeEcc::Quartile),
        "H" => Ok(QrCodeEcc::High),
        _ => Err(Failure::new("invalid-argument", "errorCorrection must be 'L', 'M', 'Q' or 'H'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The finder pattern that stands in three corners (ISO/IEC 18004 §6.3.3).
    fn finder_at(matrix: &Matrix, left: usize, top: usize) -> bool {
        (0..7).all(|y| {
            (0..7).all(|x| {
                let ring = [x, y].into_iter().map(|place: usize| place.abs_diff(3)).max();
                matrix.rows[top + y][left + x] == (ring != Some(2))
            })
        })
    }

    #[test]
    fn a_code_is_a_square_with_three_finder_patterns() {
        let matrix = matrix("otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "M").unwrap();
        let size = matrix.rows.len();
        assert_eq!(size, usize::try_from(matrix.size).unwrap());
        assert!(matrix.rows.iter().all(|row| row.len() == size));
        for (left, top, expected) in
            [(0, 0, true), (size - 7, 0, true), (0, size - 7, true), (size - 7, size - 7, false)]
        {
            assert_eq!(finder_at(&matrix, left, top), expected, "{left}, {top}");
        }
    }

    #[test]
    fn the_longest_uris_fit_and_a_book_does_not() {
        assert_eq!(matrix(&"x".repeat(400), "M").unwrap().size, 77);
        assert_eq!(matrix(&"x".repeat(2332), "M").unwrap_err().code, "qr-code-too-long");
        assert_eq!(matrix("x", "m").unwrap_err().code, "invalid-argument");
    }
}
