//! Seed files and QR codes, as JavaScript gets them.

use js_sys::{Array, Error, Function, JSON, Reflect, Uint8Array};
use keyfob_wasm_tokens::{SeedFile, qr_code};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

type Result<T = ()> = std::result::Result<T, JsValue>;

const TABLE: &str = "\
serial,secret hex,type,algorithm,digits,period,counter,model
T-1,3132333435363738393031323334353637383930,TOTP,SHA256,8,60,,One
T-2,3132333435363738393031323334353637383930,HOTP,,,,18446744073709551615,
T-3,31,TOTP,,,,,
";

fn read(content: &str, format: Option<&str>) -> Result<SeedFile> {
    SeedFile::new(&Uint8Array::from(content.as_bytes()), format.map(Into::into))
}

/// A property, as a path of names and places.
fn at(value: &JsValue, path: &str) -> Result<JsValue> {
    path.split('.').try_fold(value.clone(), |value, key| Reflect::get(&value, &key.into()))
}

fn code_of<T>(result: Result<T>) -> String {
    result
        .err()
        .and_then(|error| error.dyn_into::<Error>().ok())
        .map_or_else(String::new, |error| error.name().into())
}

#[wasm_bindgen_test]
fn a_preview_is_plain_objects_with_counters_as_bigints() -> Result {
    let preview = read(TABLE, None)?.preview()?;
    let counter = at(&preview, "devices.1.counter")?;
    assert!(counter.is_bigint());
    assert_eq!(u64::try_from(counter), Ok(u64::MAX));
    Reflect::set(&at(&preview, "devices.1")?, &"counter".into(), &JsValue::UNDEFINED)?;
    let expected = r#"{"format":"csv","unverifiedSignature":false,"devices":[
        {"line":2,"place":"line 2","serial":"T-1","type":"TOTP","algorithm":"SHA-256","digits":8,"period":60,"drift":0,"model":"One"},
        {"line":3,"place":"line 3","serial":"T-2","type":"HOTP","algorithm":"SHA-1","digits":6}],
        "rejects":[{"line":4,"place":"line 4","serial":"T-3",
        "reason":"the secret has 1 bytes: at least 16 (128 bits) are required"}]}"#;
    assert_eq!(JSON::stringify(&preview)?, JSON::stringify(&JSON::parse(expected)?)?);
    Ok(())
}

#[wasm_bindgen_test]
fn a_secret_comes_only_when_it_is_asked_for() -> Result {
    let file = read(TABLE, Some("csv"))?;
    assert_eq!(file.secret("T-1")?.to_vec(), b"12345678901234567890");
    for serial in ["T-3", "t-1", ""] {
        assert_eq!(code_of(file.secret(serial)), "unknown-serial-number", "{serial}");
    }
    Ok(())
}

#[wasm_bindgen_test]
fn a_file_that_cannot_be_read_says_why() {
    for (content, format, code) in [
        ("", None, "seed-file-empty"),
        ("dear customer", None, "seed-file-not-recognised"),
        ("serial,secret\n", None, "seed-file-without-records"),
        ("serial,secret,secret\n", None, "seed-file-repeated-column"),
        ("<KeyContainer", None, "seed-file-truncated"),
        ("<a/>", None, "seed-file-not-pskc"),
        ("<!DOCTYPE a><a/>", None, "seed-file-document-type"),
        (TABLE, Some("pskc"), "seed-file-malformed-xml"),
        (TABLE, Some("xlsx"), "unknown-format"),
    ] {
        assert_eq!(code_of(read(content, format)), code, "{content}");
    }
    assert_eq!(code_of(SeedFile::new(&Uint8Array::from(&[b'a', 0xff][..]), None)), "seed-file-not-utf8");
    assert_eq!(
        code_of(SeedFile::new(&Uint8Array::new_with_length(64 * 1024 * 1024 + 1), None)),
        "seed-file-too-large"
    );
}

/// How often some bytes stand in this memory.
fn found(needle: &Uint8Array) -> Result<Option<f64>> {
    let count = Function::new_with_args(
        "memory, needle",
        "const bytes = new Uint8Array(memory.buffer);
         let count = 0;
         for (let at = bytes.indexOf(needle[0]); at >= 0; at = bytes.indexOf(needle[0], at + 1)) {
           if (needle.every((byte, place) => bytes[at + place] === byte)) count += 1;
         }
         return count;",
    );
    Ok(count.call2(&JsValue::NULL, &wasm_bindgen::memory(), needle)?.as_f64())
}

/// A seed, as bytes and as the text in the table that is the third, all of them outside this memory.
fn seed_outside() -> Result<[Uint8Array; 3]> {
    let outside = Function::new_no_args(
        "const seed = crypto.getRandomValues(new Uint8Array(20));
         const hex = Array.from(seed, (byte) => byte.toString(16).padStart(2, '0')).join('');
         return [seed, ...[hex, `serial,secret hex\\nT-1,${hex}\\n`].map((text) => new TextEncoder().encode(text))];",
    );
    let outside: Array = outside.call0(&JsValue::NULL)?.dyn_into()?;
    Ok([0, 1, 2].map(|place| outside.get(place).unchecked_into()))
}

#[wasm_bindgen_test]
fn what_was_read_is_wiped() -> Result {
    let [seed, text, table] = seed_outside()?;
    let file = SeedFile::new(&table, None)?;
    assert_eq!(
        (found(&text)?, found(&seed)?),
        (Some(0.0), Some(1.0)),
        "the content is wiped, the file has the secret"
    );
    drop(file);
    assert_eq!(found(&seed)?, Some(0.0), "the secret is wiped");
    Ok(())
}

#[wasm_bindgen_test]
fn a_qr_code_is_rows_of_booleans() -> Result {
    let code = qr_code(format!("otpauth://totp/a?secret={}", "A".repeat(376)), "M")?;
    assert_eq!(at(&code, "size")?.as_f64(), Some(77.0));
    let rows: Array = at(&code, "rows")?.dyn_into()?;
    assert_eq!(rows.length(), 77);
    assert_eq!((at(&code, "rows.0.0")?, at(&code, "rows.1.1")?), (JsValue::TRUE, JsValue::FALSE));
    assert_eq!(code_of(qr_code("a".repeat(3000), "L")), "qr-code-too-long");
    assert_eq!(code_of(qr_code("a".into(), "")), "out-of-range");
    Ok(())
}
