use keyfob_core::UnixTime;

use super::{Acts, Asked};
use crate::{Membership, Policy, Required};

/// Whether the policy requires a code of an account that has no device. A group that can't be resolved counts as everybody, or
/// exempts nobody, but never keeps root out.
pub(crate) fn is_required(acts: &Acts<'_>, asked: &Asked) -> bool {
    required_from(acts.policy, asked).is_some_and(|from| acts.now() >= from)
}

/// From when on it does, if it does.
pub(crate) fn required_from(policy: &Policy, asked: &Asked) -> Option<UnixTime> {
    let requirement = &policy.requirement;
    let affected = match &requirement.required {
        Required::Nobody => Membership::NotMember,
        Required::Everybody => Membership::Member,
        Required::Group(group) => asked.membership(group),
    };
    let exempt =
        requirement.exempt_group.as_deref().map_or(Membership::NotMember, |group| asked.membership(group));
    if affected == Membership::NotMember || exempt == Membership::Member {
        return None;
    }
    let is_resolved = ![affected, exempt].contains(&Membership::UnknownGroup);
    (is_resolved || asked.uid() != Some(0)).then_some(requirement.from)
}

/// The policy's groups that the name service does not have.
pub(crate) fn unresolved_groups(policy: &Policy, asked: &Asked) -> Vec<String> {
    let groups = policy.requirement.groups();
    groups.filter(|group| asked.membership(group) == Membership::UnknownGroup).map(str::to_owned).collect()
}
