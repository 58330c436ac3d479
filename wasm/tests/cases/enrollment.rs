//! The enrollment's states and messages, which a page gets as the command line has them.

use super::values::{get, hotp_device, misuse, reason, text, totp_device, with};
use keyfob_wasm::Enrollment;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

fn enter(enrollment: &mut Enrollment, typed: &str, now: f64) {
    assert_eq!(get(&enrollment.enter(typed, now), "ok"), JsValue::TRUE, "{typed:?}");
}

fn refusal(enrollment: &mut Enrollment, typed: &str, now: f64) -> [String; 2] {
    let outcome = enrollment.enter(typed, now);
    [reason(&outcome), text(&outcome, "message")]
}

fn state(enrollment: &Enrollment, now: f64) -> String {
    text(&enrollment.step(now), "state")
}

#[wasm_bindgen_test]
fn a_page_is_led_through_all_states() {
    let mut enrollment = Enrollment::new(true);
    assert_eq!(text(&enrollment.step(1000.0), "label"), "Serial Number");
    assert_eq!(state(&enrollment, 1000.0), "serial-number");
    enter(&mut enrollment, " GAHT 1234 ", 1000.0);
    assert_eq!(enrollment.serial().as_deref(), Some("GAHT1234"));
    assert_eq!(state(&enrollment, 1000.0), "serial-number-again");
    enter(&mut enrollment, "GAHT1234", 1000.0);
    assert_eq!(state(&enrollment, 1015.0), "first-code");
    enter(&mut enrollment, "012 345", 1015.0);
    let wait = enrollment.step(1017.0);
    assert_eq!([text(&wait, "state"), text(&wait, "notice")], ["wait", "Wait about 3 s for the next code."]);
    assert_eq!(get(&wait, "seconds"), 3.0);
    assert_eq!(state(&enrollment, 1020.0), "second-code");
    enter(&mut enrollment, "６５４３２１", 1024.0);
    assert_eq!(state(&enrollment, 1025.0), "submit");
    let submission = enrollment.take_submission().unwrap();
    assert_eq!(
        ["serial", "code1", "code2"].map(|name| text(&submission, name)),
        ["GAHT1234", "012345", "654321"]
    );
    assert_eq!(state(&enrollment, 1025.0), "first-code");
    assert!(enrollment.take_submission().is_none());
}

#[wasm_bindgen_test]
fn mistakes_have_cores_messages() {
    let mut enrollment = Enrollment::new(true);
    assert_eq!(refusal(&mut enrollment, "", 1000.0), ["empty", "the serial number is empty"]);
    enter(&mut enrollment, "GAHT1234", 1000.0);
    let differ = "the serial numbers differ: type the one on the back of the device again";
    assert_eq!(refusal(&mut enrollment, "GAHT1235", 1000.0), ["other-serial-number", differ]);
    enter(&mut enrollment, "GAHT1234", 1000.0);
    assert_eq!(refusal(&mut enrollment, "12345", 1000.0), ["wrong-length", "a code has 6 to 10 digits"]);
    enter(&mut enrollment, "123456", 1000.0);
    let same = "both codes are the same. Wait for the next code";
    assert_eq!(refusal(&mut enrollment, "123-456", 1001.0), ["same-codes", same]);
    enrollment.start_codes_again();
    assert_eq!(state(&enrollment, 1001.0), "first-code");
    enter(&mut enrollment, "123456", 1001.0);
    enter(&mut enrollment, "654321", 1002.0);
    assert_eq!(
        refusal(&mut enrollment, "1", 1002.0),
        ["nothing-to-enter", "nothing is left to enter: submit"]
    );
}

#[wasm_bindgen_test]
fn the_device_tells_how_it_counts() {
    let mut enrollment = Enrollment::new(false);
    enter(&mut enrollment, "GAHT1234", 1000.0);
    enrollment.describe(with(&hotp_device(), "digits", 8).unchecked_ref()).unwrap();
    assert_eq!(
        refusal(&mut enrollment, "123456", 1000.0),
        ["wrong-length", "this device's codes have 8 digits"]
    );
    enter(&mut enrollment, "12345678", 1000.0);
    let press = enrollment.step(1000.0);
    assert_eq!(
        [text(&press, "state"), text(&press, "notice")],
        ["second-code-after-press", "Press the device's button once more."]
    );
}

#[wasm_bindgen_test]
fn misuse_leaves_the_step_as_it_is() {
    let mut enrollment = Enrollment::new(false);
    let eleven = with(&totp_device(), "digits", 11);
    assert_eq!(misuse(enrollment.describe(eleven.unchecked_ref())), "unsupported-digits");
    assert_eq!(state(&enrollment, 1000.0), "serial-number");
}
