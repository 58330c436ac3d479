//! Any one change of a captured request: what this check takes, the other takes, too; what only the other takes is refused by a rule of ours.

use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use proptest::sample::Index;
use scratchstack_aws_signature::principal::User;
use scratchstack_aws_signature::{
    GetSigningKeyRequest, GetSigningKeyResponse, KSecretKey, NO_ADDITIONAL_SIGNED_HEADERS, SignatureOptions,
    service_for_signing_key_fn, sigv4_validate_request,
};

use super::*;

/// The daemon's part: whether that secret has signed this.
pub fn is_signed_by(signed: &SignedRequest, secret: &str) -> bool {
    let mac = |key: &[u8], text: &str| -> Vec<u8> {
        Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().to_vec()
    };
    let first = mac(format!("AWS4{secret}").as_bytes(), &signed.date);
    let scope = [&*signed.region, &*signed.service, "aws4_request"];
    let key = scope.iter().fold(first, |key, word| mac(&key, word));
    mac(&key, &signed.string_to_sign) == signed.signature
}

fn is_accepted_there(sent: &Sent, service: &str) -> bool {
    let now = chrono::DateTime::from_timestamp(NOW.0.try_into().unwrap(), 0).unwrap();
    let key = |request: GetSigningKeyRequest| async move {
        let secret: KSecretKey = SECRET.parse()?;
        let key = secret.to_ksigning(request.request_date(), request.region(), request.service());
        let user = User::new("aws", "123456789012", "/", "alice")?;
        Ok(GetSigningKeyResponse::builder().principal(user).signing_key(key).build()?)
    };
    let mut keys = service_for_signing_key_fn(key);
    let (required, options) = (NO_ADDITIONAL_SIGNED_HEADERS, SignatureOptions::default());
    let request = sent.request().unwrap();
    let check = sigv4_validate_request(request, "us-east-1", service, &mut keys, now, &required, options);
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(check).is_ok()
}

/// What only we refuse.
fn is_own_rule(error: &SignatureError) -> bool {
    let (IncompleteSignature(text) | SignatureError::SignatureDoesNotMatch(text)) = error else {
        return *error == InvalidClientTokenId;
    };
    [DOUBLED, NO_TEXT, SIGNED_HEADERS, UNSIGNED, PARTS].contains(text)
}

/// One change: of which kind, in which header, at which place, to which byte.
type Change = (u8, Index, Index, u8);

fn changed(mut sent: Sent, (kind, header, place, byte): Change) -> Sent {
    let at = header.index(sent.headers.len());
    let value = &mut sent.headers[at].1;
    let place_in_value = place.index(value.len());
    match kind {
        0 => value[place_in_value] = byte,
        1 => value.insert(place_in_value, byte),
        2 => drop(value.remove(place_in_value)),
        3 => drop(sent.headers.remove(at)),
        4 => sent.headers.push(sent.headers[at].clone()),
        5 => sent.headers.rotate_left(at),
        6 => {
            let place = place.index(sent.body.len());
            sent.body[place] = byte;
        }
        _ => sent.method = ["GET", "PUT", "DELETE"][header.index(3)].into(),
    }
    sent
}

#[test]
fn both_take_what_the_clients_send() {
    for (at, (service, _)) in CAPTURED.iter().enumerate() {
        assert!(is_accepted_there(&Sent::captured(at), service), "{at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_judge_a_changed_request_alike(
        at in 0..CAPTURED.len(),
        change in (0..8_u8, any::<Index>(), any::<Index>(), any::<u8>()),
    ) {
        let sent = changed(Sent::captured(at), change);
        prop_assume!(sent.request().is_some());
        let there = is_accepted_there(&sent, CAPTURED[at].0);
        match sent.read(NOW).map(|signed| is_signed_by(&signed, SECRET)) {
            Ok(here) => prop_assert_eq!(here, there),
            Err(error) => prop_assert!(!there || is_own_rule(&error), "{:?}", error),
        }
    }
}
