use keyfob_authority::AccountSummary;
use keyfob_core::{AccountName, SerialNumber, Throttled};

use super::{CALLER, Context};
use crate::args::UserCommand;
use crate::exit::Failure;
use crate::output::{AccountView, count, local, until, write_facts, write_json, write_table};

pub fn run(context: &mut Context, command: &UserCommand) -> Result<(), Failure> {
    match command {
        UserCommand::List { json } => list(context, *json),
        UserCommand::Show { user, json } => show(context, user, *json),
        UserCommand::Add { user } => add(context, user),
        UserCommand::Remove { user } => remove(context, user),
        UserCommand::Unlock { user } => unlock(context, user),
    }
}

/// What `iam-userlistmfadevices` lists.
pub fn list_serial_numbers(context: &mut Context, user: &AccountName) -> Result<(), Failure> {
    for serial in context.authority.account(user)?.devices {
        writeln!(context.out, "{serial}")?;
    }
    Ok(())
}

fn list(context: &mut Context, json: bool) -> Result<(), Failure> {
    let accounts = context.authority.accounts()?;
    if json {
        let views: Vec<_> = accounts.iter().map(AccountView::from).collect();
        return Ok(write_json(context.out, &views)?);
    }
    let headings = ["USER", "UID", "DEVICES", "RECOVERY CODES", "WRONG CODES", "SINCE"];
    let none = "No accounts: associate a device with `keyfob enable`, or use `keyfob user add`.";
    Ok(write_table(context.out, &headings, accounts.iter().map(row), none)?)
}

fn row(account: &AccountSummary) -> Vec<String> {
    vec![
        account.name.to_string(),
        account.uid.map(|uid| uid.to_string()).unwrap_or_default(),
        account.devices.len().to_string(),
        account.recovery_codes.to_string(),
        account.sign_in_failures.to_string(),
        account.created.map(local).unwrap_or_default(),
    ]
}

fn show(context: &mut Context, user: &AccountName, json: bool) -> Result<(), Failure> {
    let account = context.authority.account(user)?;
    if json {
        return Ok(write_json(context.out, &AccountView::from(&account))?);
    }
    let facts = facts(&account, context);
    Ok(write_facts(context.out, &facts)?)
}

fn facts(account: &AccountSummary, context: &Context) -> Vec<(&'static str, String)> {
    let tries = |failures, throttled| tries(failures, throttled, context);
    vec![
        ("User", account.name.to_string()),
        ("Uid", account.uid.map_or_else(|| "not an account of this machine".into(), |uid| uid.to_string())),
        ("Known since", account.created.map_or_else(|| "not known to Keyfob yet".into(), local)),
        ("Devices", devices(&account.devices)),
        ("Recovery codes", format!("{} unused", account.recovery_codes)),
        ("Sign-in", tries(account.sign_in_failures, account.sign_in_throttled)),
        ("Association", tries(account.association_failures, account.association_throttled)),
    ]
}

fn devices(serials: &[SerialNumber]) -> String {
    if serials.is_empty() {
        return "none".into();
    }
    serials.iter().map(SerialNumber::as_str).collect::<Vec<_>>().join(" ")
}

fn tries(failures: u32, throttled: Option<Throttled>, context: &Context) -> String {
    let failures = count(failures as usize, "wrong code");
    match throttled {
        None => failures,
        Some(Throttled::Until(time)) => format!("{failures}: wait {}", until(time, context.now())),
        Some(Throttled::Locked) => format!("{failures}: locked until `keyfob user unlock`"),
    }
}

fn add(context: &mut Context, user: &AccountName) -> Result<(), Failure> {
    let account = context.authority.add_account(user, &CALLER)?;
    let uid = account.uid.map_or_else(|| "not an account of this machine".into(), |uid| format!("uid {uid}"));
    writeln!(context.out, "Account {} is known ({uid}).", account.name)?;
    Ok(())
}

fn remove(context: &mut Context, user: &AccountName) -> Result<(), Failure> {
    let released = context.authority.remove_account(user, &CALLER)?;
    writeln!(context.out, "Removed account {user}; deactivated devices: {}.", devices(&released))?;
    Ok(())
}

fn unlock(context: &mut Context, user: &AccountName) -> Result<(), Failure> {
    context.authority.unlock_account(user, &CALLER)?;
    writeln!(context.out, "Unlocked account {user}: its wrong codes are forgiven.")?;
    Ok(())
}
