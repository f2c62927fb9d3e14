//! What can be chosen beside tiers and recipes: website templates, workflows, and models with their prices.

/// A website template.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) vertical: &'static str,
}

/// In the order they are listed.
pub(crate) const TEMPLATES: [Template; 6] = [
    template("one-page", "One page", "Name, opening hours, a way to write.", "general"),
    template("salon-light", "Salon, light", "Bookings in front, prices behind.", "beauty"),
    template("clinic-calm", "Clinic, calm", "Intake form and directions, large letters.", "health"),
    template("workshop", "Workshop", "Jobs, photographs, a number to call.", "trades"),
    template("shop-window", "Shop window", "A few goods and where the parcel is.", "retail"),
    template("portfolio", "Portfolio", "Work first, words second.", "creative"),
];

const fn template(
    slug: &'static str,
    name: &'static str,
    description: &'static str,
    vertical: &'static str,
) -> Template {
    Template { slug, name, description, vertical }
}

/// A workflow.
#[derive(Debug)]
pub(crate) struct Workflow {
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) version: &'static str,
}

/// Those of the recipes, and two that none of them brings.
pub(crate) const WORKFLOWS: [Workflow; 10] = [
    workflow("booking-reminder", "Booking reminder", "A day before, with a way to cancel.", "3"),
    workflow("missed-call-followup", "Missed call follow-up", "Writes to whoever called in vain.", "2"),
    workflow("intake-form", "Intake form", "Asks before the appointment, files the answers.", "5"),
    workflow("appointment-reminder", "Appointment reminder", "Two days and two hours before.", "4"),
    workflow("order-confirmation", "Order confirmation", "Says what was ordered and when it comes.", "2"),
    workflow("parcel-tracking", "Parcel tracking", "Tells where a parcel is, when asked.", "1"),
    workflow("weekly-digest", "Weekly digest", "What was read, on Monday morning.", "2"),
    workflow("morning-summary", "Morning summary", "What came in at night.", "3"),
    workflow("invoice-chaser", "Invoice chaser", "Reminds kindly, twice.", "1"),
    workflow("feedback-request", "Feedback request", "Asks a day after the visit.", "1"),
];

const fn workflow(
    slug: &'static str,
    name: &'static str,
    description: &'static str,
    version: &'static str,
) -> Workflow {
    Workflow { slug, name, description, version }
}

/// A model.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) tier: &'static str,
    /// US dollars for a million tokens that are read.
    pub(crate) input: &'static str,
    /// And for a million that are written.
    pub(crate) output: &'static str,
    pub(crate) available: bool,
}

/// Cheapest first. They are those of the simulated agents' configurations, and one that is not to be had.
pub(crate) const MODELS: [Model; 4] = [
    model("platform/sonnet-small", "Sonnet small", "fast", "0.80", "4.00", true),
    model("platform/sonnet-large", "Sonnet large", "balanced", "3.00", "15.00", true),
    model("platform/opus-large", "Opus large", "thorough", "15.00", "75.00", true),
    model("platform/opus-preview", "Opus preview", "thorough", "18.00", "90.00", false),
];

const fn model(
    id: &'static str,
    name: &'static str,
    tier: &'static str,
    input: &'static str,
    output: &'static str,
    available: bool,
) -> Model {
    Model { id, name, tier, input, output, available }
}

#[cfg(test)]
mod tests {
    use super::super::RECIPES;
    use super::*;

    #[test]
    fn every_workflow_of_a_recipe_is_listed() {
        let listed: Vec<_> = WORKFLOWS.iter().map(|workflow| workflow.slug).collect();
        assert!(RECIPES.iter().flat_map(|recipe| recipe.workflows).all(|slug| listed.contains(slug)));
    }
}
