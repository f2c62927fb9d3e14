//! What a person notes of instances on this computer: tags, a note, a star. Of one profile, durable (`notebook.db`), and
//! never sent to any platform. A label outlives its instance: it is out of sight then, and back should the id come back;
//! it goes only with its profile. Does not belong here: what a platform keeps of an instance.

mod export;
mod keep;

use crate::Console;
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::session::Session;
pub use export::LabelFormat;
pub(crate) use keep::SCHEMA;
use nineheads_contract::{FieldProblem, InstanceId};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Most tags of one instance.
pub const TAGS: usize = 20;
/// Most characters of a tag.
pub const TAG: usize = 32;
/// Most characters of a note.
pub const NOTE: usize = 2000;

/// What is noted of one instance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Label {
    /// Lower case, `[a-z0-9._-]`, 1 to [`TAG`] characters each, at most [`TAGS`].
    pub tags: BTreeSet<String>,
    /// At most [`NOTE`] characters.
    pub note: String,
    /// Whether it has a star.
    pub starred: bool,
}

/// By instance; one without a label is not in it.
pub type Labels = HashMap<InstanceId, Label>;

/// The label of an instance, and the tags that can be offered for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LabelView {
    /// An empty one where nothing is noted.
    pub label: Label,
    /// Every tag of the fleet, the most used first.
    pub known: Vec<TagUse>,
}

/// A tag and how many instances of the fleet have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TagUse {
    /// The tag.
    pub tag: String,
    /// At least one.
    pub count: u32,
}

/// What tagging many came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Tagged {
    /// How many have other tags now.
    pub changed: u32,
    /// Those that would have had more than [`TAGS`]: they are as they were.
    pub full: Vec<InstanceId>,
}

/// The tags of some instances, to be changed together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TagsOfMany {
    /// Each tag that at least one of them has.
    pub held: Vec<HeldTag>,
    /// Every tag of the fleet, the most used first.
    pub known: Vec<TagUse>,
}

/// A tag and which of the instances have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct HeldTag {
    /// The tag.
    pub tag: String,
    /// In the order they were asked for.
    pub ids: Vec<InstanceId>,
}

/// A tag as it is kept: spaces around it are no part of it, and case makes no difference.
///
/// # Errors
/// [`Code::Invalid`] where it is no tag.
pub fn read_tag(text: &str) -> Result<String, Failure> {
    let tag = text.trim().to_lowercase();
    let fits =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter);
    if tag.is_empty() || tag.len() > TAG || !tag.chars().all(fits) {
        let why = format!("a tag has 1 to {TAG} characters: a to z, digits, dots, hyphens and underscores");
        return Err(refused("tag", "tag", &why));
    }
    Ok(tag)
}

fn read_tags(texts: &[String]) -> Result<BTreeSet<String>, Failure> {
    texts.iter().map(|text| read_tag(text)).collect()
}

pub(crate) fn refused(field: &str, kind: &str, why: &str) -> Failure {
    let problem = FieldProblem { loc: vec![field.into()], msg: why.to_owned(), kind: kind.into() };
    Failure::new(Code::Invalid { message: None, fields: vec![problem] }, why)
}

impl Label {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes tags away and adds others. False, and nothing happened, where they would be too many.
    fn retag(&mut self, add: &BTreeSet<String>, remove: &BTreeSet<String>) -> bool {
        let tags: BTreeSet<_> = self.tags.difference(remove).chain(add).cloned().collect();
        let fits = tags.len() <= TAGS || tags.len() <= self.tags.len();
        if fits {
            self.tags = tags;
        }
        fits
    }
}

impl Session {
    /// All labels of the profile, of deleted instances too.
    pub(crate) fn labels(&self) -> Result<Labels, Failure> {
        self.notebook.labels(self.profile_id())
    }

    /// Lays what is kept beside the rows of the fleet: a filter asks for it there.
    pub(crate) fn show_labels(&self) {
        match self.labels() {
            Ok(labels) => self.fleet().set_labels(labels),
            Err(failure) => log::warn!("the labels were not read: {failure}"),
        }
    }

    fn label(&self, id: &InstanceId) -> Result<LabelView, Failure> {
        let label = self.notebook.label(self.profile_id(), id)?;
        Ok(LabelView { label, known: self.fleet().tag_uses() })
    }

    fn tags_of(&self, ids: &[InstanceId]) -> Result<TagsOfMany, Failure> {
        let labels = self.labels()?;
        let mut held: BTreeMap<&String, Vec<InstanceId>> = BTreeMap::new();
        for id in ids {
            for tag in labels.get(id).into_iter().flat_map(|label| &label.tags) {
                held.entry(tag).or_default().push(id.clone());
            }
        }
        let held = held.into_iter().map(|(tag, ids)| HeldTag { tag: tag.clone(), ids }).collect();
        Ok(TagsOfMany { held, known: self.fleet().tag_uses() })
    }

    /// Changes some labels, all or none; `change` says whether it could.
    fn change_labels(
        &self,
        ids: &[InstanceId],
        change: impl Fn(&mut Label) -> bool,
    ) -> Result<Tagged, Failure> {
        let (tagged, changed) = self.notebook.change_labels(self.profile_id(), ids, change)?;
        if !changed.is_empty() {
            match changed.iter().next() {
                Some((id, label)) if changed.len() == 1 => {
                    self.fleet().set_label(id, Some(label.clone()).filter(|label| !label.is_empty()));
                }
                _ => self.show_labels(),
            }
            self.announce(Event::LabelsChanged);
            self.announce_list();
        }
        Ok(tagged)
    }

    fn tag_instances(
        &self,
        ids: &[InstanceId],
        add: &[String],
        remove: &[String],
    ) -> Result<Tagged, Failure> {
        let (add, remove) = (read_tags(add)?, read_tags(remove)?);
        self.change_labels(ids, |label| label.retag(&add, &remove))
    }
}

/// The most used first, and equally used ones by name.
pub(crate) fn count_tags(labels: &Labels, counts: impl Fn(&InstanceId) -> bool) -> Vec<TagUse> {
    let mut uses: BTreeMap<&String, u32> = BTreeMap::new();
    for tag in labels.iter().filter(|(id, _)| counts(id)).flat_map(|(_, label)| &label.tags) {
        *uses.entry(tag).or_default() += 1;
    }
    let mut known: Vec<_> = uses.into_iter().map(|(tag, count)| TagUse { tag: tag.clone(), count }).collect();
    known.sort_by_key(|known| std::cmp::Reverse(known.count));
    known
}

impl Console {
    /// What is noted of an instance. It need not be there any more.
    ///
    /// # Errors
    /// [`Code::NoSession`], [`Code::Locked`], [`Code::Storage`]; so for all here.
    pub fn label(&self, id: &InstanceId) -> Result<LabelView, Failure> {
        self.session()?.label(id)
    }

    /// Gives an instance a star, or takes it.
    ///
    /// # Errors
    /// See [`Console::label`].
    pub fn set_star(&self, id: &InstanceId, starred: bool) -> Result<LabelView, Failure> {
        let session = self.session()?;
        session.change_labels(std::slice::from_ref(id), |label| {
            label.starred = starred;
            true
        })?;
        session.label(id)
    }

    /// Notes a text about an instance, as it was typed; an empty one takes the note away.
    ///
    /// # Errors
    /// See [`Console::label`]; [`Code::Invalid`] for one that is too long.
    pub fn set_note(&self, id: &InstanceId, note: &str) -> Result<LabelView, Failure> {
        if note.chars().count() > NOTE {
            return Err(refused("note", "length", &format!("a note has at most {NOTE} characters")));
        }
        let note = if note.trim().is_empty() { "" } else { note };
        let session = self.session()?;
        session.change_labels(std::slice::from_ref(id), |label| {
            note.clone_into(&mut label.note);
            true
        })?;
        session.label(id)
    }

    /// Which tags some instances have, and which of them.
    ///
    /// # Errors
    /// See [`Console::label`].
    pub async fn tags_of(&self, ids: &[InstanceId]) -> Result<TagsOfMany, Failure> {
        let ids = ids.to_vec();
        self.aside(move |session| session.tags_of(&ids)).await
    }

    /// Takes tags from instances and gives them others; what is in both lists is there afterwards.
    ///
    /// # Errors
    /// See [`Console::label`]; [`Code::Invalid`] for a text that is no tag: nothing is changed then.
    pub async fn tag_instances(
        &self,
        ids: &[InstanceId],
        add: &[String],
        remove: &[String],
    ) -> Result<Tagged, Failure> {
        let (ids, add, remove) = (ids.to_vec(), add.to_vec(), remove.to_vec());
        self.aside(move |session| session.tag_instances(&ids, &add, &remove)).await
    }
}

#[cfg(test)]
mod tests;
