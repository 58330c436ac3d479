//! `keyfob recovery-codes`, and signing in with one.

use crate::oathtool::TOTP;
use crate::site::{OTHER_USER, Site, USER};

fn create(site: &Site) -> Vec<String> {
    let shown = site.keyfob(&["recovery-codes", "--user", USER]).done();
    shown.lines().map(ToOwned::to_owned).collect()
}

#[test]
fn ten_plain_lines_where_nobody_looks() {
    let (site, _) = Site::with_associated(TOTP);
    let codes = create(&site);
    assert_eq!(codes.len(), 10);
    for code in &codes {
        let groups: Vec<_> = code.split('-').collect();
        assert!(groups.len() == 4 && groups.iter().all(|group| group.len() == 4), "{code}");
        assert_eq!(codes.iter().filter(|other| *other == code).count(), 1);
    }
}

#[test]
fn each_signs_in_once() {
    let (site, _) = Site::with_associated(TOTP);
    let codes = create(&site);
    assert_eq!(site.verify(&codes[3]).done(), "Accepted: recovery code, 9 left\n");
    assert_eq!(site.verify(&codes[3]).code, Some(1));
    let shouted = codes[4].to_uppercase().replace('-', " ");
    assert_eq!(site.verify(&shouted).done(), "Accepted: recovery code, 8 left\n");
    assert_eq!(site.json(&["user", "show", USER, "--json"])["recovery_codes"], 8);
}

#[test]
fn new_ones_void_the_old_ones() {
    let (site, _) = Site::with_associated(TOTP);
    let old = create(&site);
    let new = create(&site);
    assert_eq!(site.verify(&old[0]).code, Some(1));
    site.verify(&new[0]).done();
}

#[test]
fn an_account_without_a_device_gets_none() {
    let (site, _) = Site::with_associated(TOTP);
    let none = "bin has no associated device: associate one with `keyfob enable`";
    site.keyfob(&["recovery-codes", "--user", OTHER_USER]).refused(none);
}

#[test]
fn one_with_an_end_comes_beside_the_others() {
    let (site, _) = Site::with_associated(TOTP);
    let ten = create(&site);
    let one = site.keyfob(&["recovery-codes", "--user", USER, "--expires", "24h"]).done();
    assert_eq!(one.lines().count(), 1);
    assert_eq!(site.verify(one.trim()).done(), "Accepted: recovery code, 10 left\n");
    assert_eq!(site.verify(&ten[0]).done(), "Accepted: recovery code, 9 left\n");
    assert!(site.keyfob(&["log"]).done().contains("issue-recovery-code"));
}

#[test]
fn an_end_is_from_a_minute_to_a_week_away() {
    let (site, _) = Site::with_associated(TOTP);
    for good in ["60s", "168h"] {
        site.keyfob(&["recovery-codes", "--user", USER, "--expires", good]).done();
    }
    for bad in ["59s", "169h", "-1h", "24", "soon"] {
        let end = format!("--expires={bad}");
        assert_eq!(site.keyfob(&["recovery-codes", "--user", USER, &end]).code, Some(2), "{bad}");
    }
}
