#![allow(clippy::unwrap_used)]

use super::*;

const OK: c_int = PamResultCode::PAM_SUCCESS as c_int;
const PROMPT: Message<'_> = Message::Prompt { text: "Code: ", echo: false };

/// What an application does in its conversation function.
type Behaviour<'a> = &'a mut dyn FnMut(&[(c_int, String)]) -> (c_int, *mut PamResponse);

/// Plays the application's side, and reads the messages as Linux-PAM applications do.
unsafe extern "C" fn conversation_function(
    num_msg: c_int,
    msg: *mut *const PamMessage,
    resp: *mut *mut PamResponse,
    appdata_ptr: *mut c_void,
) -> c_int {
    // SAFETY: `hold` passes num_msg pointers to messages with C strings, a place for the replies, and the Behaviour of `converse`.
    unsafe {
        let messages = slice::from_raw_parts(msg, usize::try_from(num_msg).unwrap());
        let read =
            |m: &*const PamMessage| ((**m).msg_style, CStr::from_ptr((**m).msg).to_str().unwrap().to_owned());
        let messages: Vec<_> = messages.iter().map(read).collect();
        let (code, replies) = (*appdata_ptr.cast::<Behaviour<'_>>())(&messages);
        *resp = replies;
        code
    }
}

fn converse(
    messages: &[Message<'_>],
    mut behaviour: Behaviour<'_>,
) -> Result<Option<Answer>, ConversationFailed> {
    let appdata_ptr = (&raw mut behaviour).cast();
    Conversation { conv: Some(conversation_function), appdata_ptr }.hold(messages)
}

/// Replies as an application allocates them.
fn replies(texts: &[Option<&CStr>]) -> *mut PamResponse {
    // SAFETY: malloc and strdup with sizes and strings that are right; each place is written before it is read.
    unsafe {
        let array = libc::malloc(size_of::<PamResponse>() * texts.len()).cast::<PamResponse>();
        for (index, text) in texts.iter().enumerate() {
            let resp = text.map_or(ptr::null_mut(), |text| libc::strdup(text.as_ptr()));
            array.add(index).write(PamResponse { resp, resp_retcode: 0 });
        }
        array
    }
}

/// The answer to one prompt that the application replies to so.
fn answer_to(code: c_int, reply: &[Option<&CStr>]) -> Result<Option<String>, ConversationFailed> {
    let array = if reply.is_empty() { ptr::null_mut() } else { replies(reply) };
    let answer = converse(&[PROMPT], &mut |_| (code, array))?;
    Ok(answer.map(|answer| answer.code().to_owned()))
}

#[test]
fn an_answer_is_read() {
    assert_eq!(answer_to(OK, &[Some(c"123456")]), Ok(Some("123456".into())));
    assert_eq!(answer_to(OK, &[Some(c"")]), Ok(Some(String::new())));
}

#[test]
fn null_replies_are_no_answer() {
    assert_eq!(answer_to(OK, &[None]), Ok(None));
    assert_eq!(answer_to(OK, &[]), Ok(None));
}

#[test]
fn what_is_too_long_is_no_answer() {
    let long = CString::new([b'1'; 513]).unwrap();
    assert_eq!(answer_to(OK, &[Some(&long)]), Ok(None));
}

#[test]
fn a_failed_conversation_fails_whatever_it_leaves() {
    for code in [PamResultCode::PAM_CONV_ERR as c_int, PamResultCode::PAM_CONV_AGAIN as c_int, -1, 99] {
        assert_eq!(answer_to(code, &[]), Err(ConversationFailed));
        assert_eq!(answer_to(code, &[Some(c"123456")]), Err(ConversationFailed));
    }
}

#[test]
fn an_application_without_a_conversation_function_fails() {
    let none = Conversation { conv: None, appdata_ptr: ptr::null_mut() };
    assert_eq!(none.hold(&[PROMPT]).unwrap_err(), ConversationFailed);
}

#[test]
fn several_messages_are_one_conversation() {
    let messages = [Message::Info("Hello."), Message::Error("No."), PROMPT, Message::Info("Bye.")];
    let mut seen = Vec::new();
    let answer = converse(&messages, &mut |shown| {
        seen.push(shown.to_vec());
        (OK, replies(&[None, Some(c"unasked"), Some(c"123456"), None]))
    });
    assert_eq!(answer.unwrap().unwrap().code(), "123456");
    let shown = [(4, "Hello.".into()), (3, "No.".into()), (1, "Code: ".into()), (4, "Bye.".into())];
    assert_eq!(seen, [shown]);
}

#[test]
fn messages_alone_have_no_answer() {
    let answer = converse(&[Message::Info("Hello.")], &mut |_| (OK, replies(&[Some(c"unasked")])));
    assert!(answer.unwrap().is_none());
}

#[test]
fn an_echoing_prompt_is_asked_for_as_such() {
    let prompt = Message::Prompt { text: "Code: ", echo: true };
    let answer = converse(&[prompt], &mut |shown| {
        assert_eq!(shown, [(2, "Code: ".into())]);
        (OK, replies(&[Some(c"1")]))
    });
    assert_eq!(answer.unwrap().unwrap().code(), "1");
}

#[test]
fn a_message_with_a_nul_byte_is_not_shown() {
    let answer = converse(&[Message::Info("a\0b")], &mut |_| unreachable!("shown"));
    assert_eq!(answer.unwrap_err(), ConversationFailed);
}

#[test]
fn wiping_reaches_the_end_and_not_beyond() {
    let mut bytes = *b"123456\0kept";
    wipe(bytes.as_mut_ptr().cast());
    assert_eq!(&bytes, b"\0\0\0\0\0\0\0kept");
    wipe(ptr::null_mut());
}

#[test]
fn a_call_without_a_handle_is_aborted() {
    // SAFETY: NULL is checked for.
    let code = unsafe { pam_sm_authenticate(ptr::null_mut(), 0, 0, ptr::null()) };
    assert_eq!(code, PamResultCode::PAM_ABORT);
    // SAFETY: NULL is checked for.
    let code = unsafe { pam_sm_setcred(ptr::null_mut(), 0, 0, ptr::null()) };
    assert_eq!(code, PamResultCode::PAM_ABORT);
}

#[test]
fn a_panic_is_logged_by_its_place_alone() {
    let line = panic_line(Some(Location::caller()));
    assert!(
        line.starts_with("pam_keyfob refused a sign-in because of a defect at pam-module/src/ffi/tests.rs:"),
        "{line}"
    );
    assert!(panic_line(None).contains("an unknown place"));
}
