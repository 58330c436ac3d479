//! What is sent back: one answer, as XML for AWS clients or as JSON.

use axum::body::Body;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderName, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use keyfob_authority::Refused;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::error::Failure;
use crate::metrics::ErrorCode;
use crate::time::rfc3339;
use crate::xml;

/// How answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For AWS clients.
    Xml,
    /// For `Accept: application/json`.
    Json,
}

/// Which API a request is for: one of the two services of AWS, or our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Identity and Access Management.
    Iam,
    /// Security Token Service.
    Sts,
    /// What AWS has no action for.
    Keyfob,
}

/// An answer as it is sent and remembered. It may hold a secret that is told once, and wipes itself.
#[derive(Clone, Debug)]
pub struct Answer {
    status: StatusCode,
    /// The error, if it tells one.
    code: &'static str,
    format: Format,
    request_id: String,
    body: Zeroizing<String>,
    /// Beside those of every answer.
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// An error, with what pages are told beyond AWS's answers.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FailedJson {
    #[serde(rename = "Type")]
    kind: &'static str,
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offer_resync: Option<bool>,
}

/// What an action gives: nothing, or a result in the format that was asked for.
pub struct Outcome(Option<Zeroizing<String>>);

impl Format {
    /// XML, unless JSON is asked for by name.
    pub fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_json =
            |kind: &str| kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json");
        if accepted.split(',').any(is_json) { Self::Json } else { Self::Xml }
    }

    const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Xml => "text/xml",
            Self::Json => "application/json",
        })
    }

    fn write(self, value: &impl Serialize) -> Result<Zeroizing<String>, Failure> {
        let text = match self {
            Self::Xml => xml::to_xml(value).map_err(|error| Failure::internal(&error))?,
            Self::Json => serde_json::to_string(value).map_err(|error| Failure::internal(&error))?,
        };
        Ok(Zeroizing::new(text))
    }
}

impl Api {
    /// The API of this version.
    pub fn of_version(version: &str) -> Option<Self> {
        match version {
            "2010-05-08" => Some(Self::Iam),
            "2011-06-15" => Some(Self::Sts),
            "2026-11-24" => Some(Self::Keyfob),
            _ => None,
        }
    }

    /// Its name in a credential scope.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Iam => "iam",
            Self::Sts => "sts",
            Self::Keyfob => "keyfob",
        }
    }

    /// The API of this name in a credential scope; requests of no API are answered as IAM's.
    pub fn of_name(name: &str) -> Self {
        [Self::Sts, Self::Keyfob].into_iter().find(|api| api.name() == name).unwrap_or(Self::Iam)
    }

    const fn namespace(self) -> &'static str {
        match self {
            Self::Iam => "https://iam.amazonaws.com/doc/2010-05-08/",
            Self::Sts => "https://sts.amazonaws.com/doc/2011-06-15/",
            Self::Keyfob => "urn:keyfob:2026-11-24",
        }
    }
}

impl Outcome {
    /// The action has nothing to tell.
    pub const NOTHING: Self = Self(None);

    /// The action's result.
    ///
    /// # Errors
    /// [`Failure`] where it can't be written, which is a defect.
    pub fn result(format: Format, result: &impl Serialize) -> Result<Self, Failure> {
        Ok(Self(Some(format.write(result)?)))
    }
}

impl Answer {
    /// The answer to an action that was done.
    pub fn done(api: Api, action: &str, outcome: &Outcome, format: Format, request_id: &str) -> Self {
        let result = outcome.0.as_ref().map(|result| result.as_str());
        let body = match format {
            Format::Xml => done_xml(api, action, result, request_id),
            Format::Json => done_json(action, result, request_id),
        };
        Self::new(StatusCode::OK, format, request_id, Zeroizing::new(body))
    }

    /// The answer to a step of a browser's sign-in.
    pub fn json(body: Zeroizing<String>, request_id: &str) -> Self {
        Self::new(StatusCode::OK, Format::Json, request_id, body)
    }

    fn new(status: StatusCode, format: Format, request_id: &str, body: Zeroizing<String>) -> Self {
        Self { status, code: "", format, request_id: request_id.into(), body, headers: Vec::new() }
    }

    /// The same, with a cookie for the browser.
    pub fn with_cookie(mut self, cookie: HeaderValue) -> Self {
        self.headers.push((SET_COOKIE, cookie));
        self
    }

    /// The answer to an action that was not done.
    pub fn failed(api: Api, failure: &Failure, format: Format, request_id: &str) -> Self {
        let body = match format {
            Format::Xml => failed_xml(api, failure, request_id),
            Format::Json => failed_json(failure, request_id),
        };
        let mut answer = Self::new(failure.status(), format, request_id, Zeroizing::new(body));
        answer.code = failure.code();
        if let Failure::TooManyRequests(seconds) = failure.as_aws() {
            answer.headers.push((RETRY_AFTER, HeaderValue::from(*seconds)));
        }
        answer
    }

    /// Whether the service is to blame, so that the request may be sent again.
    pub fn is_server_error(&self) -> bool {
        self.status.is_server_error()
    }

    /// Its HTTP status.
    #[cfg(test)]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The response to whoever has asked, in one piece.
    pub fn into_response(self, remote: &str) -> Response<Body> {
        let (request_id, status) = (&self.request_id, self.status.as_u16());
        tracing::info!(request_id, remote, status, bytes = self.body.len(), "answered");
        let mut response = Response::new(Body::from(self.body.as_bytes().to_vec()));
        *response.status_mut() = self.status;
        response.extensions_mut().insert(ErrorCode(self.code));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, self.format.content_type());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(id) = HeaderValue::from_str(&self.request_id) {
            headers.insert("x-amzn-requestid", id);
        }
        headers.extend(self.headers);
        response
    }
}

fn done_xml(api: Api, action: &str, result: Option<&str>, request_id: &str) -> String {
    let namespace = api.namespace();
    let result =
        result.map_or_else(String::new, |result| format!("<{action}Result>{result}</{action}Result>"));
    format!(
        "<{action}Response xmlns=\"{namespace}\">{result}<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>\
         </{action}Response>"
    )
}

fn done_json(action: &str, result: Option<&str>, request_id: &str) -> String {
    let result = result.map_or_else(String::new, |result| format!("\"{action}Result\":{result},"));
    format!("{{\"{action}Response\":{{{result}\"ResponseMetadata\":{{\"RequestId\":\"{request_id}\"}}}}}}")
}

fn failed_xml(api: Api, failure: &Failure, request_id: &str) -> String {
    let (kind, code, message) = (failure.fault(), failure.code(), xml::escape(&failure.to_string()));
    format!(
        "<ErrorResponse xmlns=\"{}\"><Error><Type>{kind}</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>{request_id}</RequestId></ErrorResponse>",
        api.namespace()
    )
}

/// The answer to what was not done, as JSON.
pub fn failed_json(failure: &Failure, request_id: &str) -> String {
    let refused = failure.refused();
    let error = FailedJson {
        kind: failure.fault(),
        code: failure.code(),
        message: failure.to_string(),
        reason: refused.map(Refused::reason),
        retry_at: refused.and_then(Refused::retry_at).map(rfc3339),
        offer_resync: failure.offers_resync().then_some(true),
    };
    serde_json::json!({ "Error": error, "RequestId": request_id }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00000000-0000-4000-8000-000000000000";

    #[test]
    fn an_action_without_output_has_no_result() {
        let answer = Answer::done(Api::Iam, "EnableMFADevice", &Outcome::NOTHING, Format::Xml, ID);
        assert_eq!(
            answer.body.as_str(),
            "<EnableMFADeviceResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ResponseMetadata>\
             <RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata></EnableMFADeviceResponse>"
        );
        let answer = Answer::done(Api::Iam, "EnableMFADevice", &Outcome::NOTHING, Format::Json, ID);
        let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
        assert_eq!(
            json,
            serde_json::json!({ "EnableMFADeviceResponse": { "ResponseMetadata": { "RequestId": ID } } })
        );
    }

    #[test]
    fn one_result_is_written_in_both_formats() -> Result<(), Failure> {
        let result = std::collections::BTreeMap::from([("a\"<", 1)]);
        let xml = Outcome::result(Format::Xml, &result)?;
        let xml = Answer::done(Api::Sts, "Act", &xml, Format::Xml, ID);
        assert!(
            xml.body.contains("<ActResult><entry><key>a&quot;&lt;</key><value>1</value></entry></ActResult>")
        );
        let json = Outcome::result(Format::Json, &result)?;
        let json = Answer::done(Api::Sts, "Act", &json, Format::Json, ID);
        let json: serde_json::Value = serde_json::from_str(&json.body).unwrap_or_default();
        assert_eq!(json.pointer("/ActResponse/ActResult/a\"<"), Some(&1.into()));
        Ok(())
    }

    #[test]
    fn a_failure_has_a_bare_code() {
        let answer = Answer::failed(Api::Iam, &Failure::InvalidAuthenticationCode, Format::Xml, ID);
        assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        assert_eq!(
            answer.body.as_str(),
            "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error><Type>Sender</Type>\
             <Code>InvalidAuthenticationCode</Code><Message>Authentication code for device is not valid.</Message></Error>\
             <RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>"
        );
    }

    #[test]
    fn json_is_written_where_it_is_asked_for() {
        let format = |accept: &'static str| {
            Format::of(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]))
        };
        assert_eq!(format("application/json"), Format::Json);
        assert_eq!(format("text/html, application/json;q=0.9"), Format::Json);
        assert_eq!(format("*/*"), Format::Xml);
        assert_eq!(Format::of(&HeaderMap::new()), Format::Xml);
    }
}
