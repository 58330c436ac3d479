//! AWS's own clients, driven against the service. `cargo xtask test` installs them.

use std::{path::PathBuf, process::Command};

use crate::{Result, Service, build, service::AccessKey};

/// The folder of boto3 and the AWS command line.
///
/// # Errors
/// See [`build::target`].
pub fn python_folder() -> Result<PathBuf> {
    Ok(build::target()?.join("clients/python"))
}

/// The folder of the client for JavaScript.
///
/// # Errors
/// See [`build::target`].
pub fn javascript_folder() -> Result<PathBuf> {
    Ok(build::target()?.join("clients/javascript"))
}

/// The AWS command line, signing with that key.
///
/// # Errors
/// See [`build::target`].
pub fn aws(service: &Service, key: &AccessKey) -> Result<Command> {
    Ok(with_environment(Command::new(python_folder()?.join("bin/aws")), service, key))
}

/// A script of `tests/clients` that uses boto3.
///
/// # Errors
/// See [`build::target`].
pub fn boto3(service: &Service, key: &AccessKey, script: &str) -> Result<Command> {
    let mut python = Command::new(python_folder()?.join("bin/python"));
    python.arg(build::checkout().join("tests/clients").join(script));
    Ok(with_environment(python, service, key))
}

/// A script of `tests/clients` that uses the client for JavaScript.
///
/// # Errors
/// See [`build::target`].
pub fn javascript(service: &Service, key: &AccessKey, script: &str) -> Result<Command> {
    let mut node = Command::new("node");
    node.arg(build::checkout().join("tests/clients").join(script)).arg(javascript_folder()?);
    Ok(with_environment(node, service, key))
}

/// The client sees this service and this key, and nothing that a person has set up.
fn with_environment(mut client: Command, service: &Service, key: &AccessKey) -> Command {
    for name in ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"] {
        client.env_remove(name);
    }
    let nothing = "/dev/null";
    client
        .env("AWS_CONFIG_FILE", nothing)
        .env("AWS_SHARED_CREDENTIALS_FILE", nothing)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL_IAM", service.url())
        .env("AWS_ENDPOINT_URL_STS", service.url())
        .env("AWS_ACCESS_KEY_ID", &key.id)
        .env("AWS_SECRET_ACCESS_KEY", &key.secret)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    client
}
