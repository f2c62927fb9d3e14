//! Models that the platform names, with what they cost: a neighbour of the twenty, which may not be there.

use crate::Console;
use crate::alerts::offered;
use crate::error::Failure;
use crate::session::Session;
use nineheads_contract::neighbours::{GetModelAvailability, GetModelTiers, Model};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A model. Costs in US dollars per million tokens, as decimal text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelOffer {
    /// What a policy names.
    pub id: String,
    /// For people.
    pub name: Option<String>,
    /// Who runs it.
    pub provider: Option<String>,
    /// The platform's own class.
    pub tier: Option<String>,
    /// Whether it can be used now.
    pub available: Option<bool>,
    /// Per million tokens that are read.
    pub input_cost: Option<String>,
    /// Per million tokens that are written.
    pub output_cost: Option<String>,
}

impl ModelOffer {
    /// Takes over what is not known yet.
    fn take_missing(&mut self, other: Self) {
        self.name = self.name.take().or(other.name);
        self.provider = self.provider.take().or(other.provider);
        self.tier = self.tier.take().or(other.tier);
        self.available = self.available.or(other.available);
        self.input_cost = self.input_cost.take().or(other.input_cost);
        self.output_cost = self.output_cost.take().or(other.output_cost);
    }
}

fn offer(model: Model) -> ModelOffer {
    ModelOffer {
        id: model.id,
        name: model.name,
        provider: model.provider,
        tier: model.tier,
        available: model.available,
        input_cost: model.input_cost_per_million,
        output_cost: model.output_cost_per_million,
    }
}

impl Session {
    /// Two neighbours say two halves: what a model costs, and whether it can be used.
    async fn models(&self) -> Result<Option<Vec<ModelOffer>>, Failure> {
        let (tiers, availability) =
            tokio::join!(self.client.send(&GetModelTiers), self.client.send(&GetModelAvailability));
        let (tiers, availability) = (offered(tiers)?, offered(availability)?);
        if tiers.is_none() && availability.is_none() {
            return Ok(None);
        }
        let mut offers: Vec<ModelOffer> = Vec::new();
        for model in [tiers, availability].into_iter().flatten().flat_map(|models| models.models) {
            let offer = offer(model);
            match offers.iter_mut().find(|known| known.id == offer.id) {
                Some(known) => known.take_missing(offer),
                None => offers.push(offer),
            }
        }
        Ok(Some(offers))
    }
}

impl Console {
    /// The models; none where the platform does not offer them.
    ///
    /// # Errors
    /// [`Code::Offline`](crate::Code::Offline) and the like.
    pub async fn models(&self) -> Result<Option<Vec<ModelOffer>>, Failure> {
        self.session()?.models().await
    }
}
