//! What is kept of labels, and what is refused.

use super::*;

fn tags(tags: &[&str]) -> BTreeSet<String> {
    tags.iter().map(|&tag| tag.to_owned()).collect()
}

#[test]
fn a_tag_is_kept_in_lower_case_and_without_the_spaces_around_it() {
    assert_eq!(read_tag("  VIP "), Ok("vip".into()));
    assert_eq!(read_tag("eu-west.1_b"), Ok("eu-west.1_b".into()));
    assert_eq!(read_tag(&"a".repeat(TAG)), Ok("a".repeat(TAG)));
}

#[test]
fn what_is_no_tag_is_refused_in_one_sentence() {
    let long = "a".repeat(TAG + 1);
    for text in ["", "  ", "two words", "né", "a:b", "#vip", "a,b", "a\nb", long.as_str()] {
        let failure = read_tag(text).expect_err(text);
        let Code::Invalid { fields, .. } = &failure.code else { panic!("{failure}") };
        assert_eq!(fields[0].kind, "tag");
        assert_eq!(failure.detail.lines().count(), 1);
    }
}

#[test]
fn retagging_takes_first_and_gives_then() {
    let mut label = Label { tags: tags(&["old", "both"]), ..Label::default() };
    assert!(label.retag(&tags(&["new", "both"]), &tags(&["old", "both", "never"])));
    assert_eq!(label.tags, tags(&["both", "new"]));
}

#[test]
fn one_with_as_many_tags_as_there_may_be_gets_no_further_one_and_can_lose_some() {
    let full: BTreeSet<String> = (0..TAGS).map(|at| format!("tag-{at}")).collect();
    let mut label = Label { tags: full.clone(), ..Label::default() };
    assert!(!label.retag(&tags(&["more"]), &tags(&[])));
    assert_eq!(label.tags, full);
    assert!(label.retag(&tags(&["more"]), &tags(&["tag-0"])));
    assert_eq!(label.tags.len(), TAGS);
    // More than that can only come from outside; taking some away is possible all the same.
    label.tags.extend(tags(&["outside-1", "outside-2", "outside-3"]));
    assert!(label.retag(&tags(&[]), &tags(&["more"])));
}

#[test]
fn tags_of_deleted_instances_are_not_offered_and_the_most_used_come_first() {
    let with = |names: &[&str]| Label { tags: tags(names), ..Label::default() };
    let labels: Labels = [
        ("a".into(), with(&["vip", "eu"])),
        ("b".into(), with(&["eu"])),
        ("gone".into(), with(&["vip", "left"])),
        ("c".into(), with(&["beta"])),
    ]
    .into();
    let known = count_tags(&labels, |id| id.as_str() != "gone");
    let known: Vec<_> = known.iter().map(|use_| (use_.tag.as_str(), use_.count)).collect();
    assert_eq!(known, [("eu", 2), ("beta", 1), ("vip", 1)]);
}
