use keyfob_authority::DeviceSummary;
use keyfob_core::{MovingFactor, SerialNumber};

use super::{CALLER, Context, import};
use crate::args::DeviceCommand;
use crate::exit::Failure;
use crate::output::{DeviceView, local, printable, write_facts, write_json, write_table};

pub fn run(context: &mut Context, command: &DeviceCommand) -> Result<(), Failure> {
    match command {
        DeviceCommand::Import(options) => import::run(context, options),
        DeviceCommand::List { json } => list(context, *json),
        DeviceCommand::Show { serial, json } => show(context, serial, *json),
        DeviceCommand::Remove { serial } => remove(context, serial),
    }
}

fn list(context: &mut Context, json: bool) -> Result<(), Failure> {
    let devices = context.authority.devices()?;
    if json {
        let views: Vec<_> = devices.iter().map(DeviceView::from).collect();
        return Ok(write_json(context.out, &views)?);
    }
    let headings = ["SERIAL NUMBER", "TYPE", "ALGORITHM", "DIGITS", "PERIOD/COUNTER", "USER", "SINCE"];
    let none = "No devices: import a seed file with `keyfob device import FILE`.";
    Ok(write_table(context.out, &headings, devices.iter().map(row), none)?)
}

fn row(device: &DeviceSummary) -> Vec<String> {
    let parameters = &device.parameters;
    let owner = device.owner.as_ref();
    vec![
        device.serial.to_string(),
        parameters.moving_factor.name().into(),
        parameters.algorithm.to_string(),
        parameters.digits.get().to_string(),
        period_or_counter(device),
        owner.map(|owner| owner.account.to_string()).unwrap_or_default(),
        owner.map(|owner| local(owner.since)).unwrap_or_default(),
    ]
}

fn period_or_counter(device: &DeviceSummary) -> String {
    match device.parameters.moving_factor {
        MovingFactor::Counter => next_counter(device),
        MovingFactor::Time { period, .. } => format!("{} s", period.seconds()),
    }
}

fn next_counter(device: &DeviceSummary) -> String {
    match device.position.accepted.map(|accepted| accepted.checked_add(1)) {
        None => "0".into(),
        Some(Some(next)) => next.to_string(),
        Some(None) => "used up".into(),
    }
}

fn show(context: &mut Context, serial: &SerialNumber, json: bool) -> Result<(), Failure> {
    let device = context.authority.device(serial)?;
    if json {
        return Ok(write_json(context.out, &DeviceView::from(&device))?);
    }
    Ok(write_facts(context.out, &facts(&device))?)
}

fn facts(device: &DeviceSummary) -> Vec<(&'static str, String)> {
    let parameters = &device.parameters;
    let text = |text: &Option<String>| text.as_deref().map_or_else(|| "unknown".into(), printable);
    let mut facts = vec![
        ("Serial number", device.serial.to_string()),
        ("Type", parameters.moving_factor.name().into()),
        ("Algorithm", parameters.algorithm.to_string()),
        ("Digits", parameters.digits.get().to_string()),
    ];
    facts.extend(position_facts(device));
    facts.extend([
        ("Manufacturer", text(&device.manufacturer)),
        ("Model", text(&device.model)),
        (if device.is_software { "Created" } else { "Imported" }, local(device.imported)),
    ]);
    facts.extend(device.expires.map(|expires| ("Expires", local(expires))));
    match &device.owner {
        Some(owner) => facts.extend([("User", owner.account.to_string()), ("Since", local(owner.since))]),
        None => facts.push(("User", "none".into())),
    }
    facts.extend(device.tags.iter().map(|(key, value)| ("Tag", printable(&format!("{key}={value}")))));
    facts
}

fn position_facts(device: &DeviceSummary) -> Vec<(&'static str, String)> {
    let MovingFactor::Time { period, t0 } = device.parameters.moving_factor else {
        return vec![("Next counter", next_counter(device))];
    };
    let mut facts = vec![("Period", format!("{} s", period.seconds()))];
    if t0.0 != 0 {
        facts.push(("Counts from", local(t0)));
    }
    if let Some(step) = device.position.accepted {
        facts.push(("Last time step", step.to_string()));
    }
    facts.push(("Clock", clock(device.position.drift.seconds)));
    facts
}

fn clock(drift: i64) -> String {
    match drift {
        0 => "not known to be off".into(),
        1.. => format!("{drift} s ahead"),
        _ => format!("{} s behind", drift.unsigned_abs()),
    }
}

fn remove(context: &mut Context, serial: &SerialNumber) -> Result<(), Failure> {
    context.authority.remove_device(serial, &CALLER)?;
    writeln!(context.out, "Removed device {serial}.")?;
    Ok(())
}
