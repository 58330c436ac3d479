use keyfob_authority::{AccessKeyId, AccessKeySummary};
use keyfob_core::AccountName;

use super::{CALLER, Context};
use crate::args::AccessKeyCommand;
use crate::exit::Failure;
use crate::output::{AccessKeyView, NewAccessKeyView, local, write_facts, write_json, write_table};

pub fn run(context: &mut Context, command: &AccessKeyCommand) -> Result<(), Failure> {
    match command {
        AccessKeyCommand::Create { user, json } => create(context, user, *json),
        AccessKeyCommand::List { json } => list(context, *json),
        AccessKeyCommand::Delete { id } => delete(context, id),
    }
}

fn create(context: &mut Context, user: &AccountName, json: bool) -> Result<(), Failure> {
    let key = context.authority.create_access_key(user, &CALLER)?;
    if json {
        return Ok(write_json(context.out, &NewAccessKeyView::new(user, &key))?);
    }
    let facts = [
        ("User", user.to_string()),
        ("Access key id", key.id.to_string()),
        ("Secret access key", key.secret.reveal().to_owned()),
    ];
    write_facts(context.out, &facts)?;
    writeln!(context.out, "\nThe secret is not shown again.")?;
    Ok(())
}

fn list(context: &mut Context, json: bool) -> Result<(), Failure> {
    let keys = context.authority.access_keys()?;
    if json {
        let views: Vec<_> = keys.iter().map(AccessKeyView::from).collect();
        return Ok(write_json(context.out, &views)?);
    }
    let none = "No access keys: make one with `keyfob access-key create --user USER`.";
    Ok(write_table(context.out, &["ACCESS KEY ID", "USER", "SINCE"], keys.iter().map(row), none)?)
}

fn row(key: &AccessKeySummary) -> Vec<String> {
    vec![key.id.to_string(), key.account.to_string(), local(key.created)]
}

fn delete(context: &mut Context, id: &AccessKeyId) -> Result<(), Failure> {
    context.authority.delete_access_key(id, &CALLER)?;
    writeln!(context.out, "Deleted access key {id}: what it signs is refused from now on.")?;
    Ok(())
}
