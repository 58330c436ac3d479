use js_sys::Uint8Array;
use keyfob_tokens::{Format, MAX_BYTES, ReadError};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::failure::{Failure, to_js};
use crate::preview::Preview;

/// A seed file that was read. Its secrets wipe themselves when it is freed.
#[derive(Debug)]
#[wasm_bindgen]
pub struct SeedFile(keyfob_tokens::SeedFile);

#[wasm_bindgen]
impl SeedFile {
    /// Reads a seed file; without a format the content decides which it is. This memory's copy of the content is wiped.
    ///
    /// # Errors
    /// What is thrown says why the file as a whole can't be read.
    #[wasm_bindgen(constructor)]
    pub fn new(content: &Uint8Array, format: Option<String>) -> Result<Self, JsValue> {
        // Before a copy is made: memory that was grown is never given back.
        if usize::try_from(content.length()).is_ok_and(|length| length > MAX_BYTES) {
            return Err(Failure::from(ReadError::TooLarge).into());
        }
        Ok(read(&Zeroizing::new(content.to_vec()), format)?)
    }

    /// What stands in the file, without a secret.
    ///
    /// # Errors
    /// None that is known.
    pub fn preview(&self) -> Result<JsValue, JsValue> {
        to_js(&Preview::of(&self.0))
    }

    /// The secret of the device with this serial number.
    ///
    /// # Errors
    /// No device that can be used has it.
    pub fn secret(&self, serial: &str) -> Result<Uint8Array, JsValue> {
        Ok(Uint8Array::from(secret(&self.0, serial)?))
    }
}

fn read(content: &[u8], format: Option<String>) -> Result<SeedFile, Failure> {
    let format = format.map(|name| name.parse::<Format>()).transpose()?;
    Ok(SeedFile(keyfob_tokens::read(content, format)?))
}

fn secret<'a>(file: &'a keyfob_tokens::SeedFile, serial: &str) -> Result<&'a [u8], Failure> {
    let entry = file.devices.iter().find(|entry| entry.device.serial.as_str() == serial);
    Ok(entry.ok_or(Failure::UnknownSerialNumber)?.device.secret.expose())
}
