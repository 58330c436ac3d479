use thiserror::Error;

use crate::{Excerpt, MAX_BYTES, MAX_REJECTS};

/// Why a seed file can't be read at all. Never quotes a secret.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Nothing but white space.
    #[error("the seed file is empty")]
    Empty,
    /// Over [`MAX_BYTES`].
    #[error("the seed file is larger than {} MiB: split it", MAX_BYTES / (1024 * 1024))]
    TooLarge,
    /// Another encoding, or no text.
    #[error("the seed file is not UTF-8 text (byte {offset}): save it as UTF-8")]
    NotUtf8 {
        /// Bytes before the first that is no UTF-8.
        offset: usize,
    },
    /// None of the formats.
    #[error(
        "the seed file is neither a PSKC file nor a table whose first line names the columns serial and secret nor a list of \
         otpauth:// URIs: convert it to one of them"
    )]
    NotRecognised,
    /// A file of the right format without one record.
    #[error("the seed file has no tokens")]
    NoRecords,
    /// More devices than whoever reads it can use.
    #[error("the seed file has more than {0} tokens: split it")]
    TooManyDevices(usize),
    /// More records than [`MAX_REJECTS`] that can't be used.
    #[error(
        "more than {MAX_REJECTS} records of the seed file can't be used: look whether it is the right file"
    )]
    TooManyRejects,
    /// No well-formed XML.
    #[error("the file is not well-formed XML (line {line}, column {column}): get it anew from the vendor")]
    MalformedXml {
        /// From 1.
        line: u32,
        /// From 1.
        column: u32,
    },
    /// XML that ends too early.
    #[error("the XML ends before its last element is closed: the file is cut off, get it anew")]
    TruncatedXml,
    /// A document type declaration, the way to entities. None is ever read.
    #[error("the XML has a document type declaration (DOCTYPE), which no PSKC file needs: remove it")]
    DocumentType,
    /// More elements, attributes or namespaces than any PSKC file of this size has, made to exhaust memory or time.
    #[error(
        "the XML has more elements, attributes or namespaces, or longer ones, than a PSKC file needs: split it"
    )]
    ExcessiveXml,
    /// Another XML language.
    #[error(
        "the XML's outermost element is {0}, not the KeyContainer of a PSKC file in one of its namespaces"
    )]
    NotPskc(Excerpt),
    /// A major version other than 1 (RFC 6030 §1.2).
    #[error("the PSKC file has version {0}: version 1 is supported")]
    UnsupportedVersion(Excerpt),
    /// A table whose first line isn't a header. The line is not quoted, since it may be a record.
    #[error("the first line of the table doesn't name the columns serial and secret: add a header")]
    NoHeader,
    /// A column that means nothing here; ignoring it could drop what codes depend on.
    #[error("the table has an unknown column {0}: rename or remove it")]
    UnknownColumn(Excerpt),
    /// Two columns with the same meaning.
    #[error("the table has two columns for the {0}: remove one")]
    RepeatedColumn(&'static str),
}
