//! What a person can choose from when deploying. No documented operation lists regions, presets or manifests, so each
//! field has the sources that `docs/api.md` names, in order; free entry is always possible.

use crate::catalog::Catalog;
use crate::error::Failure;
use crate::session::Session;
use nineheads_contract::deploys::{DEFAULT_PRESET, NewInstance};
use nineheads_contract::neighbours::{
    GetTierPricing, ListRecipes, ListTemplates, ListWorkflowFiles, Recipe, TEMPLATE_LIMIT, Template,
    TierPrice, WorkflowFile,
};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::HashMap;

/// The only manifest that the platform's docs name.
const DOCUMENTED_MANIFEST: &str = "openclaw-basic";

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Choice {
    /// What is sent.
    pub id: String,
    /// For people.
    pub name: Option<String>,
    /// A price or a description.
    pub note: Option<String>,
    /// Where it is known from.
    pub source: ChoiceSource,
}

/// Where a choice is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ChoiceSource {
    /// The platform lists it.
    Platform,
    /// An instance of the fleet has it.
    Fleet,
    /// An earlier deploy used it.
    Earlier,
    /// The profile's catalog names it.
    Catalog,
    /// The platform's docs name it.
    Documented,
}

/// For each field of the wizard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Choices {
    /// For `region_id`.
    pub regions: Vec<Choice>,
    /// For `tier_id`.
    pub tiers: Vec<Choice>,
    /// For `preset_id`.
    pub presets: Vec<Choice>,
    /// For `manifest_id`.
    pub manifests: Vec<Choice>,
    /// For `recipe_id`.
    pub recipes: Vec<Choice>,
    /// For `workflow_slugs`.
    pub workflows: Vec<Choice>,
    /// For `website_template_slug`.
    pub templates: Vec<Choice>,
    /// For `customer_id`.
    pub customers: Vec<Choice>,
    /// The recipes that can be used, with what they bring.
    pub offers: Vec<Recipe>,
}

/// The place of the newest choices in the cache: they are nobody's in particular.
const KIND: &str = "choices";
const NOBODY: &str = "";

impl Session {
    /// Asks the neighbours that answer, and looks at what is known already. A neighbour that refuses hides nothing else.
    /// Where nobody answers, what was offered last is there.
    pub(crate) async fn read_choices(&self) -> Result<Choices, Failure> {
        let templates = ListTemplates { limit: TEMPLATE_LIMIT, offset: 0 };
        let asked = async {
            tokio::join!(
                self.client.send(&GetTierPricing),
                self.client.send(&ListRecipes),
                self.client.send(&templates),
                self.client.send(&ListWorkflowFiles)
            )
        };
        let answered = match self.before_call().await {
            Ok(()) => self.notice_silence(asked, true).await,
            Err(_) => None,
        };
        let is_lost = |failure: Option<&Failure>| failure.is_some_and(Failure::is_unreachable);
        let answered = answered.filter(|(prices, recipes, templates, workflows)| {
            !(is_lost(prices.as_ref().err())
                && is_lost(recipes.as_ref().err())
                && is_lost(templates.as_ref().err())
                && is_lost(workflows.as_ref().err()))
        });
        let Some((prices, recipes, templates, workflows)) = answered else {
            let kept = self.cache.read_seen(KIND, NOBODY).map(|(choices, _)| choices);
            return match kept {
                Some(choices) => Ok(choices),
                None => self.collect_choices(&[], &[], &Offers::default()),
            };
        };
        let prices = prices.map(|pricing| pricing.pricing).unwrap_or_default();
        let recipes = recipes.map(|recipes| recipes.0).unwrap_or_default();
        let offers = Offers {
            templates: templates.map(|found| found.templates).unwrap_or_default(),
            workflows: workflows.map(|found| found.workflow_files).unwrap_or_default(),
        };
        let choices = self.collect_choices(&prices, &recipes, &offers)?;
        self.cache.write_seen(KIND, NOBODY, &choices, self.now());
        Ok(choices)
    }

    fn collect_choices(
        &self,
        prices: &[TierPrice],
        recipes: &[Recipe],
        offers: &Offers,
    ) -> Result<Choices, Failure> {
        let earlier = self.journal.requests(self.profile_id())?;
        let (regions, presets) = {
            let fleet = self.fleet();
            let regions = by_use(fleet.rows().filter_map(|row| row.region_id.as_deref()));
            let presets = by_use(fleet.rows().filter_map(|row| row.preset_id.as_deref()));
            (regions, presets)
        };
        let catalog = Catalog::read(&self.catalog_file);
        Ok(collect(prices, recipes, offers, &earlier, &catalog, regions, presets))
    }
}

/// What two more neighbours offer.
#[derive(Default)]
struct Offers {
    templates: Vec<Template>,
    workflows: Vec<WorkflowFile>,
}

fn collect(
    prices: &[TierPrice],
    recipes: &[Recipe],
    offers: &Offers,
    earlier: &[NewInstance],
    catalog: &Catalog,
    regions: Vec<String>,
    presets: Vec<String>,
) -> Choices {
    let seen =
        |ids: Vec<String>| ids.into_iter().map(|id| plain(id, ChoiceSource::Fleet)).collect::<Vec<_>>();
    let documented = |id: &str| plain(id.to_owned(), ChoiceSource::Documented);
    let used = |pick: &dyn Fn(&NewInstance) -> Vec<String>| {
        earlier.iter().flat_map(pick).map(|id| plain(id, ChoiceSource::Earlier)).collect::<Vec<_>>()
    };
    let option = |value: &Option<String>| value.iter().cloned().collect::<Vec<_>>();
    let slugs = |recipe: &Recipe| {
        recipe.workflow_slugs.iter().filter_map(|slug| slug.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let active = || recipes.iter().filter(|recipe| recipe.is_active);
    let platform =
        |ids: Vec<String>| ids.into_iter().map(|id| plain(id, ChoiceSource::Platform)).collect::<Vec<_>>();
    Choices {
        regions: merge([seen(regions), used(&|new| vec![new.region_id.clone()]), catalog.list("regions")]),
        tiers: merge([
            prices.iter().filter_map(tier).collect(),
            used(&|new| vec![new.tier_id.clone()]),
            catalog.list("tiers"),
        ]),
        presets: merge([
            seen(presets),
            used(&|new| option(&new.preset_id)),
            catalog.list("presets"),
            vec![documented(DEFAULT_PRESET)],
        ]),
        manifests: merge([
            platform(active().filter_map(|recipe| recipe.manifest_id.clone()).collect()),
            used(&|new| option(&new.manifest_id)),
            catalog.list("manifests"),
            vec![documented(DOCUMENTED_MANIFEST)],
        ]),
        recipes: merge([
            active().filter_map(recipe).collect(),
            used(&|new| option(&new.recipe_id)),
            catalog.list("recipes"),
        ]),
        workflows: merge([
            offers.workflows.iter().filter_map(workflow).collect(),
            platform(active().flat_map(slugs).collect()),
            used(&|new| new.workflow_slugs.clone().unwrap_or_default()),
            catalog.list("workflows"),
        ]),
        templates: merge([
            offers.templates.iter().filter_map(template).collect(),
            used(&|new| option(&new.website_template_slug)),
            catalog.list("templates"),
        ]),
        customers: merge([used(&|new| option(&new.customer_id)), catalog.list("customers")]),
        offers: active().cloned().collect(),
    }
}

fn tier(price: &TierPrice) -> Option<Choice> {
    let id = price.product_tier_id.clone().filter(|_| price.is_active)?;
    let note = price.customer_price_cents.map(|cents| {
        let currency = price.currency.as_deref().unwrap_or_default().to_uppercase();
        let interval = price.billing_interval.as_deref().map(|each| format!(" / {each}")).unwrap_or_default();
        format!("{}.{:02} {currency}{interval}", cents / 100, cents.rem_euclid(100))
    });
    Some(Choice {
        id,
        name: price.tier_name.clone().or(price.product_name.clone()),
        note,
        source: ChoiceSource::Platform,
    })
}

fn recipe(recipe: &Recipe) -> Option<Choice> {
    let id = recipe.id.clone()?;
    Some(Choice {
        id,
        name: recipe.name.clone(),
        note: recipe.description.clone(),
        source: ChoiceSource::Platform,
    })
}

fn template(template: &Template) -> Option<Choice> {
    let (id, name) = (template.slug.clone()?, template.name.clone());
    Some(Choice { id, name, note: template.description.clone(), source: ChoiceSource::Platform })
}

fn workflow(file: &WorkflowFile) -> Option<Choice> {
    let (id, name) = (file.slug.clone()?, file.name.clone());
    Some(Choice { id, name, note: file.description.clone(), source: ChoiceSource::Platform })
}

fn plain(id: String, source: ChoiceSource) -> Choice {
    Choice { id, name: None, note: None, source }
}

/// Puts sources behind each other; the first one that knows a choice names it.
fn merge<const N: usize>(sources: [Vec<Choice>; N]) -> Vec<Choice> {
    let mut all: Vec<Choice> = Vec::new();
    for choice in sources.into_iter().flatten().filter(|choice| !choice.id.trim().is_empty()) {
        if all.iter().all(|known| known.id != choice.id) {
            all.push(choice);
        }
    }
    all
}

/// Distinct values, the most used first.
fn by_use<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let mut counted: Vec<_> = counts.into_iter().collect();
    counted.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
    counted.into_iter().map(|(value, _)| value.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_is_offered_by_name_and_sent_by_id_and_never_guessed_from_the_fleet() {
        let price = TierPrice {
            product_tier_id: Some("0b9d".into()),
            tier_name: Some("Starter".into()),
            customer_price_cents: Some(1905),
            currency: Some("eur".into()),
            billing_interval: Some("month".into()),
            is_active: true,
            ..TierPrice::default()
        };
        let retired = TierPrice { is_active: false, product_tier_id: Some("old".into()), ..price.clone() };
        let choices = collect(
            &[price, retired],
            &[],
            &Offers::default(),
            &[],
            &Catalog::default(),
            vec!["eu-central".into()],
            Vec::new(),
        );
        assert_eq!(choices.tiers.len(), 1);
        assert_eq!(choices.tiers[0].id, "0b9d");
        assert_eq!(choices.tiers[0].note.as_deref(), Some("19.05 EUR / month"));
        assert_eq!(choices.presets[0].id, DEFAULT_PRESET);
    }

    #[test]
    fn the_most_used_region_comes_first_and_each_once() {
        assert_eq!(by_use(["b", "a", "b"].into_iter()), ["b", "a"]);
        let earlier = NewInstance { region_id: "b".into(), ..NewInstance::default() };
        let choices = collect(
            &[],
            &[],
            &Offers::default(),
            &[earlier],
            &Catalog::default(),
            vec!["b".into(), "a".into()],
            Vec::new(),
        );
        assert_eq!(choices.regions.iter().map(|choice| choice.id.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(choices.regions[0].source, ChoiceSource::Fleet);
    }
}
