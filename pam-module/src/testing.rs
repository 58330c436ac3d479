//! A scripted PAM transaction and a scripted authority. What is scripted has to happen, and nothing else may.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::thread;
use std::time::Duration;

use keyfob_authority::{
    AccountSummary, Ask, Authority, Begin, Begun, Caller, DeviceSummary, Error, Event, EventFilter,
    ImportReport, SignedIn,
};
use keyfob_core::{AccountName, Code, Digits, ImportedDevice, RecoveryCode, SerialNumber, Submission};

use crate::answer::Answer;
use crate::transaction::{ConversationFailed, Level, Message, Transaction};

#[allow(clippy::unwrap_used)]
pub fn alice() -> AccountName {
    "alice".parse().unwrap()
}

/// Ask for a code of six digits.
pub fn ask() -> Begin {
    Begin::Ask(Ask { digits: vec![Digits::SIX], offer_resync: false })
}

/// A PAM transaction of alice's.
pub struct ScriptedPam {
    user: Result<Vec<u8>, ConversationFailed>,
    remote: Option<String>,
    silent: bool,
    conversation: VecDeque<Exchange>,
    pub log: Vec<(Level, String)>,
    pub delays: Vec<Duration>,
}

/// What is shown in one conversation, and what comes back.
pub struct Exchange {
    shown: Vec<String>,
    reply: Result<Option<Vec<u8>>, ConversationFailed>,
}

impl ScriptedPam {
    pub fn new() -> Self {
        Self {
            user: Ok(b"alice".into()),
            remote: None,
            silent: false,
            conversation: VecDeque::new(),
            log: Vec::new(),
            delays: Vec::new(),
        }
    }

    /// Somebody else's, or one in which nobody says who they are.
    pub fn of(mut self, user: Result<&[u8], ConversationFailed>) -> Self {
        self.user = user.map(Into::into);
        self
    }

    pub fn at(mut self, remote: &str) -> Self {
        self.remote = Some(remote.into());
        self
    }

    pub fn silently(mut self) -> Self {
        self.silent = true;
        self
    }

    /// Then the person is asked this, and answers.
    pub fn asks(mut self, prompt: &str, answer: Option<&[u8]>) -> Self {
        let exchange = Exchange { shown: vec![prompt.into()], reply: Ok(answer.map(Into::into)) };
        self.conversation.push_back(exchange);
        self
    }

    /// Then the person is told this.
    pub fn tells(self, message: &str) -> Self {
        self.asks(message, None)
    }

    /// Then the person would be shown this, and the conversation fails.
    pub fn fails_at(mut self, message: &str) -> Self {
        self.conversation.push_back(Exchange { shown: vec![message.into()], reply: Err(ConversationFailed) });
        self
    }
}

impl Transaction for ScriptedPam {
    fn user(&mut self) -> Result<Vec<u8>, ConversationFailed> {
        self.user.clone()
    }

    fn service(&self) -> String {
        "sshd".into()
    }

    fn remote(&self) -> Option<String> {
        self.remote.clone()
    }

    fn real_uid(&self) -> u32 {
        0
    }

    fn silent(&self) -> bool {
        self.silent
    }

    #[allow(clippy::expect_used)]
    fn converse(&mut self, messages: &[Message<'_>]) -> Result<Option<Answer>, ConversationFailed> {
        let shown: Vec<_> = messages.iter().map(describe).collect();
        let exchange = self.conversation.pop_front().expect("a conversation that is not in the script");
        assert_eq!(shown, exchange.shown);
        Ok(exchange.reply?.and_then(|typed| Answer::copy(&typed)))
    }

    fn fail_delay(&mut self, delay: Duration) {
        self.delays.push(delay);
    }

    fn log(&mut self, level: Level, text: &str) {
        self.log.push((level, text.into()));
    }
}

impl Drop for ScriptedPam {
    fn drop(&mut self) {
        assert!(thread::panicking() || self.conversation.is_empty(), "part of the script did not happen");
    }
}

fn describe(message: &Message<'_>) -> String {
    match message {
        Message::Prompt { text, echo: false } => format!("prompt: {text}"),
        Message::Prompt { text, echo: true } => format!("echoing prompt: {text}"),
        Message::Error(text) => format!("error: {text}"),
        Message::Info(text) => format!("info: {text}"),
    }
}

/// An authority that is asked nothing, or to begin, or to begin and to decide on one answer.
pub struct ScriptedAuthority {
    begin: RefCell<Option<Result<Begun, Error>>>,
    answer: RefCell<Option<(String, Result<SignedIn, Error>)>>,
    pub callers: RefCell<Vec<(AccountName, Caller)>>,
}

impl ScriptedAuthority {
    pub fn asked_nothing() -> Self {
        Self { begin: None.into(), answer: None.into(), callers: RefCell::default() }
    }

    pub fn begins(begin: Result<Begin, Error>) -> Self {
        let begin = begin.map(|next| Begun { next, unresolved_groups: Vec::new() });
        let scripted = Self::asked_nothing();
        scripted.begin.replace(Some(begin));
        scripted
    }

    /// Asks for a code, then gets this text and decides so.
    pub fn decides(text: &str, decision: Result<SignedIn, Error>) -> Self {
        let scripted = Self::begins(Ok(ask()));
        scripted.answer.replace(Some((text.into(), decision)));
        scripted
    }
}

impl Drop for ScriptedAuthority {
    fn drop(&mut self) {
        let used_up = self.begin.borrow().is_none() && self.answer.borrow().is_none();
        assert!(thread::panicking() || used_up, "the authority was not asked all");
    }
}

#[allow(clippy::expect_used)]
impl Authority for ScriptedAuthority {
    fn begin(&self, account: &AccountName, caller: &Caller) -> Result<Begun, Error> {
        self.callers.borrow_mut().push((account.clone(), caller.clone()));
        self.begin.take().expect("a beginning that is not in the script")
    }

    fn answer(&self, account: &AccountName, answer: &str, caller: &Caller) -> Result<SignedIn, Error> {
        self.callers.borrow_mut().push((account.clone(), caller.clone()));
        let (text, decision) = self.answer.take().expect("an answer that is not in the script");
        assert_eq!(answer, text);
        decision
    }

    fn resynchronise_at_sign_in(
        &self,
        _: &AccountName,
        _: &Code,
        _: &Code,
        _: &Caller,
    ) -> Result<SerialNumber, Error> {
        unreachable!("no resync is in the script")
    }

    fn import(
        &self,
        _: &[ImportedDevice],
        _: bool,
        _: &mut dyn FnMut(usize),
        _: &Caller,
    ) -> Result<ImportReport, Error> {
        unreachable!("a sign-in imports nothing")
    }

    fn devices(&self) -> Result<Vec<DeviceSummary>, Error> {
        unreachable!("a sign-in lists nothing")
    }

    fn device(&self, _: &SerialNumber) -> Result<DeviceSummary, Error> {
        unreachable!("a sign-in shows nothing")
    }

    fn remove_device(&self, _: &SerialNumber, _: &Caller) -> Result<(), Error> {
        unreachable!("a sign-in removes nothing")
    }

    fn associate(&self, _: &AccountName, _: &Submission, _: &Caller) -> Result<DeviceSummary, Error> {
        unreachable!("a sign-in associates nothing")
    }

    fn resynchronise(&self, _: &AccountName, _: &Submission, _: &Caller) -> Result<DeviceSummary, Error> {
        unreachable!("a sign-in resynchronises nothing")
    }

    fn deactivate(&self, _: &AccountName, _: &SerialNumber, _: &Caller) -> Result<(), Error> {
        unreachable!("a sign-in deactivates nothing")
    }

    fn accounts(&self) -> Result<Vec<AccountSummary>, Error> {
        unreachable!("a sign-in lists nothing")
    }

    fn account(&self, _: &AccountName) -> Result<AccountSummary, Error> {
        unreachable!("a sign-in shows nothing")
    }

    fn add_account(&self, _: &AccountName, _: &Caller) -> Result<AccountSummary, Error> {
        unreachable!("a sign-in adds nothing")
    }

    fn remove_account(&self, _: &AccountName, _: &Caller) -> Result<Vec<SerialNumber>, Error> {
        unreachable!("a sign-in removes nothing")
    }

    fn unlock_account(&self, _: &AccountName, _: &Caller) -> Result<(), Error> {
        unreachable!("a sign-in unlocks nothing")
    }

    fn create_recovery_codes(&self, _: &AccountName, _: &Caller) -> Result<Vec<RecoveryCode>, Error> {
        unreachable!("a sign-in creates nothing")
    }

    fn events(&self, _: &EventFilter) -> Result<Vec<Event>, Error> {
        unreachable!("a sign-in lists nothing")
    }
}
