use std::ffi::CStr;
use std::thread;
use std::time::{Duration, Instant};

use keyfob_authority::{Ask, Authority, Begin, Caller, Error, Refused};
use keyfob_core::{AccountName, Code, escape};

use crate::answer::Answer;
use crate::forward::{self, Ambiguous};
use crate::options::{CodeSource, Options};
use crate::outcome::Outcome;
use crate::transaction::{ConversationFailed, Level, Message, NotKept, Transaction};

/// Comes with the prompt where the authority offers to resynchronise.
const OFFER: &str = "Several codes were wrong. Type a code, or two consecutive codes with a space between them to resynchronise your \
                     device.";

/// Comes with the prompt after a resync: neither code of the pair signs in (RFC 4226 §7.4).
const RESYNCHRONISED: &str = "Device resynchronised: type its next code.";

/// How long after a code was entered a refusal is given at the earliest, and after the module has asked where no code is asked for. Refusals do
/// different work: an unknown name, an account without a device and a wrong code must not be told apart by how long it takes. It is more than any of
/// them takes on a usual disk, and nothing next to the delay that follows ([`Transaction::fail_delay`]).
const EARLIEST_REFUSAL: Duration = Duration::from_millis(10);

/// What sshd says of the authentication methods that came before, one a line (`ExposeAuthInfo` of `sshd_config(5)`).
const SSH_AUTH_INFO: &CStr = c"SSH_AUTH_INFO_0";

/// One line's part in the sign-in of an account.
pub struct Dialogue<'a, P, A> {
    /// The person, by libpam.
    pub pam: &'a mut P,
    /// Who decides.
    pub authority: &'a A,
    /// What the line says.
    pub options: &'a Options,
    /// Who signs in.
    pub account: AccountName,
    /// Where.
    pub caller: Caller,
}

impl<P: Transaction, A: Authority> Dialogue<'_, P, A> {
    /// Begins, has the code typed at most once (after a resync, once more), answers. Another try is the application's affair.
    pub fn hold(mut self) -> Outcome {
        self.steps().unwrap_or_else(|error| Outcome::failed(self.account, error))
    }

    fn steps(&mut self) -> Result<Outcome, Error> {
        // Taken first, so that no line and no later try finds it again, whatever comes of this one.
        let kept = self.pam.take_code();
        let Some(ask) = self.begin()? else { return Ok(self.without_device()) };
        match self.options.code_source {
            CodeSource::Prompt => self.prompt(&ask),
            CodeSource::TryFirstPass => self.try_first_pass(&ask),
            CodeSource::UseFirstPass => self.use_first_pass(),
            CodeSource::ForwardPass => Ok(self.forward(&ask)),
            CodeSource::UseForwardedCode => self.use_forwarded_code(kept),
        }
    }

    /// `None` where no code is needed.
    fn begin(&mut self) -> Result<Option<Ask>, Error> {
        refuse_evenly(|| {
            let begun = self.authority.begin(&self.account, &self.caller)?;
            self.debug(&format!("begin for {}: {:?}", self.account, begun.next));
            for group in begun.unresolved_groups {
                let line = format!(
                    "the policy names the group {group}, which the name service does not have: it exempts nobody"
                );
                self.pam.log(Level::Error, &escape(&line));
            }
            match begun.next {
                Begin::NotRequired => Ok(None),
                Begin::Ask(ask) => Ok(Some(ask)),
                Begin::Throttled(throttled) => Err(Refused::Throttled(throttled).into()),
            }
        })
    }

    fn without_device(&mut self) -> Outcome {
        if !self.options.after_publickey {
            return Outcome::NoDevice;
        }
        let methods = self.pam.variable(SSH_AUTH_INFO);
        if methods.is_some_and(|methods| begins_with_public_key(&methods)) {
            Outcome::PublicKeyAlone(self.account.clone())
        } else {
            Outcome::NoPublicKey(self.account.clone())
        }
    }

    fn prompt(&mut self, ask: &Ask) -> Result<Outcome, Error> {
        let Ok(answer) = self.have_typed(ask.offer_resync.then_some(OFFER)) else {
            return Ok(Outcome::ConversationFailed);
        };
        match pair(answer.code()).filter(|_| ask.offer_resync) {
            Some((code1, code2)) => self.resynchronise(&code1, &code2),
            None => self.answer(&answer),
        }
    }

    fn resynchronise(&mut self, code1: &Code, code2: &Code) -> Result<Outcome, Error> {
        let serial = refuse_evenly(|| {
            self.authority.resynchronise_at_sign_in(&self.account, code1, code2, &self.caller)
        })?;
        let line = format!("resynchronised the device {serial} of {}", self.account);
        self.pam.log(Level::Info, &escape(&line));
        match self.have_typed(Some(RESYNCHRONISED)) {
            Ok(answer) => self.answer(&answer),
            Err(ConversationFailed) => Ok(Outcome::ConversationFailed),
        }
    }

    fn try_first_pass(&mut self, ask: &Ask) -> Result<Outcome, Error> {
        let Some(first) = self.pam.password() else { return self.prompt(ask) };
        match self.answer(&first) {
            Err(Error::Refused(refused)) if is_wrong_answer(&refused) => self.ask_after(&refused),
            decided => decided,
        }
    }

    /// Asks after a first answer was refused, unless the account has to wait now.
    fn ask_after(&mut self, refused: &Refused) -> Result<Outcome, Error> {
        let line = format!("refused {} the password as a code, so asks: {refused}", self.account);
        self.pam.log(Level::Notice, &escape(&line));
        match self.begin()? {
            Some(ask) => self.prompt(&ask),
            // The device was taken away meanwhile. An answer was refused, so this is no PAM_IGNORE.
            None => Err(Refused::NoDevice(self.account.clone()).into()),
        }
    }

    fn use_first_pass(&mut self) -> Result<Outcome, Error> {
        let first = self.pam.password().unwrap_or_else(Answer::empty);
        self.answer(&first)
    }

    fn use_forwarded_code(&mut self, kept: Option<Answer>) -> Result<Outcome, Error> {
        match kept {
            Some(code) => self.answer(&code),
            None => Ok(Outcome::NothingForwarded(self.account.clone())),
        }
    }

    fn forward(&mut self, ask: &Ask) -> Outcome {
        // So that the later line finds something in any case.
        if self.pam.keep_code(Answer::empty()).is_err() {
            return Outcome::NotKept;
        }
        let prompt = Message::Prompt { text: &self.options.prompt, echo: false };
        let Ok(typed) = self.pam.converse(&[prompt]) else { return Outcome::ConversationFailed };
        let split = match forward::split(&typed.unwrap_or_else(Answer::empty), &ask.digits) {
            Ok(split) => split,
            Err(Ambiguous) => return Outcome::AmbiguousCode(self.account.clone()),
        };
        let Some(password) = split.password else { return Outcome::NoPassword(self.account.clone()) };
        let kept = self.pam.keep_code(split.code).and_then(|()| self.pam.set_password(&password));
        match kept {
            Ok(()) => Outcome::Forwarded,
            Err(NotKept) => Outcome::NotKept,
        }
    }

    /// Asks. No answer, and one that is too long, is decided on like an empty one, so that the audit log has it too.
    fn have_typed(&mut self, info: Option<&str>) -> Result<Answer, ConversationFailed> {
        let info = info.map(Message::Info);
        let prompt = Message::Prompt { text: &self.options.prompt, echo: self.options.echo_code };
        let messages: Vec<_> = info.into_iter().chain([prompt]).collect();
        let typed = self.pam.converse(&messages)?;
        self.debug(if typed.is_some() { "an answer came" } else { "no answer came that can be a code" });
        Ok(typed.unwrap_or_else(Answer::empty))
    }

    fn answer(&mut self, answer: &Answer) -> Result<Outcome, Error> {
        let signed_in = refuse_evenly(|| self.authority.answer(&self.account, answer.code(), &self.caller))?;
        Ok(Outcome::Accepted(self.account.clone(), signed_in))
    }

    fn debug(&mut self, text: &str) {
        if self.options.debug {
            self.pam.log(Level::Debug, &escape(text));
        }
    }
}

/// Asks the authority. What it refuses, and what it can't decide, comes at [`EARLIEST_REFUSAL`] at the earliest.
fn refuse_evenly<T>(ask: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let asked = Instant::now();
    ask().inspect_err(|_| thread::sleep(EARLIEST_REFUSAL.saturating_sub(asked.elapsed())))
}

const fn is_wrong_answer(refused: &Refused) -> bool {
    matches!(refused, Refused::Malformed | Refused::WrongCode | Refused::AlreadyUsed)
}

/// Two codes with white space between them.
fn pair(text: &str) -> Option<(Code, Code)> {
    let mut groups = text.split_whitespace().map(|group| Code::parse(group).ok());
    match (groups.next(), groups.next(), groups.next()) {
        (Some(Some(code1)), Some(Some(code2)), None) => Some((code1, code2)),
        _ => None,
    }
}

fn begins_with_public_key(methods: &[u8]) -> bool {
    let rest = methods.strip_prefix(b"publickey");
    rest.is_some_and(|rest| matches!(rest.first(), None | Some(b' ' | b'\n')))
}

#[cfg(test)]
mod tests;
