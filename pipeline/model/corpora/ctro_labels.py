"""How the ontology classes of C-TrO (Sanchez-Graillet et al. 2022) group into entity labels.

C-TrO tags `timolol` as the class `Timolol`, a subclass of `Drug`. A tagger learns the group; which drug it is, is
linking. Literal classes (DoseValue, PvalueDiff, …) are labels as they are.
"""

from __future__ import annotations

_MEMBERS = {
    "Drug": (
        "Timolol Placebo Metformin InsulinGlargine Brimonidine Dorz/TimFC Lat/TimFC Sitagliptin Dorzolamide "
        "Travoprost Bimatoprost Lixisenatide Vildagliptin Brimo/TimFC Brinzolamide Unoprostone InsulinDetemir "
        "Saxagliptin IsophaneInsulin_NPH Glimepiride Bima/TimFC Pioglitazone Linagliptin LisproProtamine "
        "Lispro Omarigliptin Colesevelam Trav/TimFC InsulinAspart Brinz/BrimoFC Exenatide Dapagliflozin "
        "Lispro75/25 Pilocarpine Carteolol Pilo/TimFC Levobunolol Brinz/TimFC Lispro50/50 Latanoprost Insulin "
        "Preservative-Free_Latanoprost BAK-preserved_Latanoprost Bromocriptine Gemigliptin Tafluprost "
        "InsulinGlulisine Vehicle Cabergoline NPH/regular70/30 Glipizide InsulinDegludec Liraglutide "
        "OralAntidiabeticAgent Sulfonylureas FixedCombDrug ProstaglandinAnalogs Acarbose Aspart70/30 "
        "Taspoglutide Diazoxide PremixedInsulin Rosiglitazone Betaxolol Tafl/TimFC Glyburide"
    ),
    "Unit": (
        "Percentage mg Microgram Gram mmHg Millimoles_per_litre Mg_per_deciliter Kg Millimoles_per_mole "
        "Kg_per_squareMeter IntUnit_per_Kg Int_Unit MilliUnits_per_litre Picomole_per_liter Nanomol_per_litre "
        "MicroUnits_per_milliliter BioAndMedicalUnit ConcentrationUnit Hour Milliliter"
    ),
    "EndPoint": (
        "IOP HbA1c Diurnal_IOP Hypoglycemia BodyWeight FastingPlasmaGlucose HbA1c_target "
        "PostprandialBloodGlucose BMI ConjunctivalHyperemia PostprandialPlasmaGlucose Peak_IOP "
        "OcularBloodFlow SymptomaticHypoglycemia NocturnalHypoglycemia BloodGlucose FastingBloodGlucose "
        "WeightGain FastingPlasmaGlucose_target Trough_IOP SevereHypoglycemia PulsatileOcularFlow Stinging "
        "Nausea GastrointestinalProblem Headache BlurredVison Outflow_Facility_C FastingBloodGlucose_target "
        "Constipation Fructosamine Smarting Ocular_Allergy Ocular_Itching OralDryness Corneal_PPE InsulinDose "
        "BloodPressure HeartRate PlasmaGlucose IrisPigmentation Glucose PulseRate PreprandialBloodGlucose "
        "PreprandialPlasmaGlucose WeightReduction IOP_target MealGlucoseResponse EndPointDescription"
    ),
    "Condition": (
        "Type2Diabetes OcularHypertension Glaucoma Primary_OpenAngleGlaucoma OpenAngleGlaucoma "
        "NormalTensionGlaucoma DisorderOrSyndrome PigmentaryGlaucoma AngleClosureGlaucoma "
        "Secondary_AngleClosureGlaucoma"
    ),
    "Design": (
        "Randomized Multicenter DoubleBlind Parallel OpenLabel Prospective CTDesign Blind Crossover SingleCenter"
    ),
    "Country": (
        "USA SouthKorea Japan China UK Germany Italy Greece Brazil Netherlands Iran Spain France Canada India "
        "Sweden Poland Mexico Finland Turkey Egypt Australia Ireland Israel Argentina Colombia Peru Austria "
        "Singapore Taiwan Country Switzerland Venezuela Belgium Denmark Norway Thailand Portugal Malaysia"
    ),
    "RelativeTime": "Evening Morning Bedtime RelativeTime Afternoon",
    "DeliveryMethod": "Eyedrops DeliveryMethod IntramuscularInjection Oral SubcutaneousInjection Topic Subcutaneous",
    "AggregationMethod": "Mean LeastSquaresMean AggregationMethod Median",
    "ChangeValue": "Reduction Increment NoChange ChangeValue",
    "RelativeChangeValue": "RelativeReduction RelativeIncrement RelativeChangeValue",
    "AnalysisApproach": "IntentionToTreat PerProtocol",
    "Gender": "Male Female AnyGender",
    "Ethnicity": "Ethnicity Caucasian",
}

CTRO_GROUPS: dict[str, str] = {name: group for group, names in _MEMBERS.items() for name in names.split()}

CTRO_SLOTS: dict[str, str] = {
    "hasDrug": "Drug",
    "hasDoseUnit": "Unit",
    "hasBaselineUnit": "Unit",
    "hasEndoPointDescription": "EndPoint",
    "analysesHealthCondition": "Condition",
    "hasCTDesign": "Design",
    "hasCountry": "Country",
}
"""Slot of the template → group, for classes that the table above does not list."""

CTRO_HEADS: dict[str, str] = {
    "Title": "ctro_long",
    "ObjectiveDescription": "ctro_long",
    "ConclusionComment": "ctro_long",
    "ObservedResult": "ctro_long",
    "Precondition": "ctro_population",
    "SubGroupDescription": "ctro_population",
}
"""Descriptions that contain other entities → the head that learns them."""
