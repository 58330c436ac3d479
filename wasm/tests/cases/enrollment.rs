//! The enrollment's states and messages, which a page gets as the command line has them.

use super::values::{UNDEFINED, get, misuse, object, reason, text};
use keyfob_wasm::Enrollment;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn enter(enrollment: &mut Enrollment, typed: &str, now: u32) {
    assert_eq!(get(&enrollment.enter(&typed.into(), &now.into()).unwrap(), "ok"), JsValue::TRUE, "{typed:?}");
}

fn refusal(enrollment: &mut Enrollment, typed: &str, now: u32) -> [String; 2] {
    let outcome = enrollment.enter(&typed.into(), &now.into()).unwrap();
    [reason(&outcome), text(&outcome, "message")]
}

fn state(enrollment: &Enrollment, now: u32) -> String {
    text(&enrollment.step(&now.into()).unwrap(), "state")
}

#[wasm_bindgen_test]
fn a_page_is_led_through_all_states() {
    let mut enrollment = Enrollment::new(&object(&[("forRoot", true.into())])).unwrap();
    assert_eq!(text(&enrollment.step(&1000.into()).unwrap(), "label"), "Serial Number");
    assert_eq!(state(&enrollment, 1000), "serial-number");
    enter(&mut enrollment, " GAHT 1234 ", 1000);
    assert_eq!(enrollment.serial().as_deref(), Some("GAHT1234"));
    assert_eq!(state(&enrollment, 1000), "serial-number-again");
    enter(&mut enrollment, "GAHT1234", 1000);
    assert_eq!(state(&enrollment, 1015), "first-code");
    enter(&mut enrollment, "012 345", 1015);
    let wait = enrollment.step(&1017.into()).unwrap();
    assert_eq!([text(&wait, "state"), text(&wait, "notice")], ["wait", "Wait about 3 s for the next code."]);
    assert_eq!(get(&wait, "seconds"), 3);
    assert_eq!(state(&enrollment, 1020), "second-code");
    enter(&mut enrollment, "６５４３２１", 1024);
    assert_eq!(state(&enrollment, 1025), "submit");
    let submission = enrollment.take_submission().unwrap();
    assert_eq!(
        ["serial", "code1", "code2"].map(|name| text(&submission, name)),
        ["GAHT1234", "012345", "654321"]
    );
    assert_eq!(state(&enrollment, 1025), "first-code");
    assert!(enrollment.take_submission().is_none());
}

#[wasm_bindgen_test]
fn mistakes_have_cores_messages() {
    let mut enrollment = Enrollment::new(&object(&[("forRoot", true.into())])).unwrap();
    assert_eq!(refusal(&mut enrollment, "", 1000), ["empty", "the serial number is empty"]);
    enter(&mut enrollment, "GAHT1234", 1000);
    let differ = "the serial numbers differ: type the one on the back of the device again";
    assert_eq!(refusal(&mut enrollment, "GAHT1235", 1000), ["other-serial-number", differ]);
    enter(&mut enrollment, "GAHT1234", 1000);
    assert_eq!(refusal(&mut enrollment, "12345", 1000), ["wrong-length", "a code has 6 to 10 digits"]);
    enter(&mut enrollment, "123456", 1000);
    let same = "that is the first code again: wait for the next one";
    assert_eq!(refusal(&mut enrollment, "123-456", 1001), ["same-code", same]);
    enrollment.start_codes_again();
    assert_eq!(state(&enrollment, 1001), "first-code");
    enter(&mut enrollment, "123456", 1001);
    enter(&mut enrollment, "654321", 1002);
    assert_eq!(refusal(&mut enrollment, "1", 1002), ["nothing-to-enter", "nothing is left to enter: submit"]);
}

#[wasm_bindgen_test]
fn the_device_tells_how_it_counts() {
    let mut enrollment = Enrollment::new(&UNDEFINED).unwrap();
    enter(&mut enrollment, "GAHT1234", 1000);
    enrollment.describe(&object(&[("type", "HOTP".into()), ("digits", 8.into())])).unwrap();
    assert_eq!(
        refusal(&mut enrollment, "123456", 1000),
        ["wrong-length", "this device's codes have 8 digits"]
    );
    enter(&mut enrollment, "12345678", 1000);
    let press = enrollment.step(&1000.into()).unwrap();
    assert_eq!(
        [text(&press, "state"), text(&press, "notice")],
        ["second-code-after-press", "Press the device's button once more."]
    );
}

#[wasm_bindgen_test]
fn misuse_leaves_the_step_as_it_is() {
    let mut enrollment = Enrollment::new(&UNDEFINED).unwrap();
    assert_eq!(misuse(enrollment.enter(&JsValue::NULL, &1000.into())), "wrong-type");
    assert_eq!(misuse(enrollment.enter(&"GAHT1234".into(), &f64::NAN.into())), "out-of-range");
    assert_eq!(misuse(enrollment.step(&UNDEFINED)), "wrong-type");
    assert_eq!(misuse(enrollment.describe(&object(&[("type", "OCRA".into())]))), "out-of-range");
    assert_eq!(misuse(Enrollment::new(&object(&[("forRoot", "yes".into())]))), "wrong-type");
    assert_eq!(state(&enrollment, 1000), "serial-number");
}
