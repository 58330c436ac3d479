use crate::parameter::Paging;

/// A part of a list.
pub struct Page<T> {
    /// Its items.
    pub items: Vec<T>,
    /// Where the next page starts, if there is one: the last item of this one, so that what comes or goes meanwhile moves nothing.
    pub marker: Option<String>,
}

/// The items after the marker, by key.
pub fn page<T>(mut items: Vec<T>, key: impl Fn(&T) -> &str, paging: &Paging) -> Page<T> {
    items.retain(|item| paging.marker.as_deref().is_none_or(|marker| key(item) > marker));
    items.sort_by(|a, b| key(a).cmp(key(b)));
    cut(items, key, paging.max_items)
}

/// The first items of what begins where the page begins and is one longer than the page if it goes on.
pub fn cut<T>(mut items: Vec<T>, key: impl Fn(&T) -> &str, max_items: usize) -> Page<T> {
    let is_truncated = items.len() > max_items;
    items.truncate(max_items);
    let marker = items.last().filter(|_| is_truncated).map(|item| key(item).to_owned());
    Page { items, marker }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(marker: Option<&str>, max_items: usize) -> (Vec<&'static str>, Option<String>) {
        let paging = Paging { marker: marker.map(str::to_owned), max_items };
        let page = page(vec!["c", "a", "e", "b", "d"], |key| key, &paging);
        (page.items, page.marker)
    }

    #[test]
    fn pages_follow_each_other() {
        assert_eq!(keys(None, 2), (vec!["a", "b"], Some("b".into())));
        assert_eq!(keys(Some("b"), 2), (vec!["c", "d"], Some("d".into())));
        assert_eq!(keys(Some("d"), 2), (vec!["e"], None));
    }

    #[test]
    fn a_page_that_ends_the_list_has_no_marker() {
        assert_eq!(keys(None, 5), (vec!["a", "b", "c", "d", "e"], None));
        assert_eq!(keys(Some("zzz"), 5), (vec![], None));
        assert_eq!(keys(Some("bb"), 1), (vec!["c"], Some("c".into())), "a marker that has gone");
    }
}
