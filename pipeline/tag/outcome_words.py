"""The words of the outcome grammar: heads, what may stand before them, and what may not.

Place in the flow: data of `outcome.py`. Sources: the outcome spans of EvidenceOutcomes (Zhou et al. 2025) and EBM-NLP
(Nye et al. 2018) for which nouns end an outcome, CTCAE 5.0 for adverse events, KDIGO 2021 for renal endpoints.
"""

from __future__ import annotations

_STANDALONE = """
remission remissions relapse relapses recurrence recurrences response responses responder responders mortality
morbidity death deaths died survival rejection rejections proteinuria albuminuria microalbuminuria hematuria
haematuria creatinine creatinines gfr egfr creatininemia uricemia natriuresis diuresis kaliuresis toxicity
toxicities nephrotoxicity hepatotoxicity neurotoxicity cardiotoxicity myelotoxicity safety efficacy tolerability
effectiveness hospitalization hospitalizations hospitalisation hospitalisations complication complications infection
infections leukopenia leucopenia neutropenia lymphopenia thrombocytopenia pancytopenia leukocytosis anemia anaemia
diarrhea diarrhoea nausea vomiting alopecia hirsutism hypertrichosis tremor headache headaches dizziness fatigue
cough angioedema hyperkalemia hyperkalaemia hypokalemia hypokalaemia hypoalbuminemia hypoalbuminaemia hypotension
hyperglycemia hyperglycaemia hypoglycemia hypoglycaemia hypercalcemia hypercalcaemia hypocalcemia hypophosphatemia
hyperphosphatemia hyperphosphataemia hypercholesterolemia hypercholesterolaemia hyperuricemia hypogammaglobulinemia
hypocomplementemia edema oedema rash fever pain pruritus bleeding hemorrhage haemorrhage thrombosis thromboembolism
fracture fractures malignancy malignancies ptld stroke cholesterol triglyceride triglycerides ldl hdl ldl-c hdl-c
bun urea hemoglobin haemoglobin hematocrit haematocrit hba1c crp ipth pth uacr upcr renoprotection nephroprotection
cardioprotection bioavailability pharmacokinetics pharmacodynamics quality-of-life side-effects side-effect drop-out
dropout dropouts withdrawals discontinuation nonresponse non-response non-remission esrd eskd esrf adherence
compliance satisfaction cd20 fibrogenesis hemodynamics haemodynamics intolerance immunogenicity seroconversion
viremia viraemia dialysis-independence bpar hyperlipidemia hyperlipidaemia dyslipidemia erythrocytosis lipids
normotensive weight bmi trough auc cmax recovery cure prognosis glycemia glycaemia insulinemia urinalysis sepsis
pneumonia insomnia constipation hypersensitivity
normoglycemia normoglycaemia hyperinsulinemia hyperinsulinaemia acidosis hyponatremia hyponatraemia hypernatremia
hypomagnesemia phosphaturia calciuria uricosuria glucosuria glycosuria creatininuria natriuria oliguria anuria polyuria
nocturia osmolality bacteremia bacteraemia arthralgia myalgia dyspnea dyspnoea seizures arrhythmia arrhythmias
eosinophilia hemolysis haemolysis hypertriglyceridemia hypertriglyceridaemia hypoproteinemia dnaemia seroprotection
fertility amenorrhea amenorrhoea oligozoospermia azoospermia birthweight stature gynecomastia impotence mucositis
stomatitis dyspepsia anorexia flushing acne osteonecrosis rhabdomyolysis hepatitis ascites infarction microhematuria
hypercalciuria hyperoxaluria normotension oligohydramnios prematurity haemogram hemogram vasodilation vasodilatation
vasoconstriction nephrinuria podocyturia
"""
STANDALONE = frozenset(_STANDALONE.split())

_MEASURES = """
level levels concentration concentrations value values rate rates score scores index indices ratio ratios excretion
excretions clearance clearances function functions pressure pressures flow resistance volume volumes count counts
activity activities expression expressions exposure failure loss losses event events effect effects symptom symptoms
outcome outcomes episode episodes reaction reactions slope disorder disorders depletion marker markers parameter
parameters profile profiles density thickness capacity titer titers titre titres subset subsets control progression
reconstitution readings manifestations signs worsening improvement output peroxidation oxidation fraction
selectivity sensitivity permeability metabolism turnover uptake production secretion synthesis lesions deposition
variability tolerance intolerance acuity velocity reserve withdrawal flare flares exacerbation exacerbations crises
admissions admission visits stay days requirement requirements use biomarkers burden severity consumption
preservation decline deterioration dysfunction impairment injury damage benefit benefits inhibition blockade
proliferation properties reduction reductions hypertrophy calcification healing disturbances abnormalities findings
gain growth height development balance status lipoprotein protein albumin calcium phosphate phosphorus sodium
potassium glucose acid cells antibody antibodies peptide factor renin aldosterone cortisol hormone pain life
transplantation dialysis sediment need doses dose
intake elimination homeostasis permselectivity stiffness contractility dimensions diameter mass saturation load
features tests toxicity intima-media half-life half-lives reabsorption viremia viraemia patency compliance
"""
MEASURES = frozenset(_MEASURES.split())

# Measures that are outcomes only after certain words; the others take any noun or adjective before them.
_ONLY_AFTER = """
effect effects: side adverse toxic nephrotoxic immunosuppressive antiproteinuric renoprotective nephroprotective
    protective renal untoward unwanted hemodynamic antihypertensive metabolic
resistance: vascular insulin airway arterial
control: pressure disease glycemic glycaemic metabolic bp symptom asthma lipid glucose
activity: disease renin plasma enzyme physical calcineurin kinase dehydrogenase impdh complement antifibrotic
activities: antifibrotic daily enzyme
loss: graft weight bone hearing vision kidney allograft hair blood visual renal protein function
failure: treatment graft renal heart efficacy kidney allograft organ therapeutic respiratory hepatic cardiac
protein: urinary urine c-reactive total
albumin: serum urinary urine plasma
calcium phosphate phosphorus sodium potassium glucose aldosterone cortisol renin: serum plasma urinary urine
    fasting blood
acid: uric
use benefit benefits properties days stay need: clinical hospital survival antihypertensive functional
cells: b t plasma red blood cd19+ cd20+ regulatory
factor peptide hormone: natriuretic parathyroid growth
antibody antibodies: anti-dsdna anca autoantibody anti-pla2r donor-specific antinuclear dsdna anti-drug
transplantation dialysis life: of-life
sediment: urinary urine
growth height development status: linear final nutritional hemodynamic fibrosis
pain: chest abdominal back bone injection-site musculoskeletal
improvement: clinical serological histological symptomatic functional
worsening: clinical renal
reduction reductions: dose dosage proteinuria percent
withdrawal: treatment drug
production inhibition blockade proliferation synthesis: cytokine collagen lymphocyte t-cell impdh antibody
profile profiles: lipid safety lipoprotein adverse-event metabolic toxicity cytokine side-effect tolerability
parameters: metabolic biochemical renal laboratory lipid growth hemodynamic pharmacokinetic
findings abnormalities: laboratory histological biochemical
lesions: glomerular histological vascular skin
outcome outcomes: kidney renal composite unfavorable unfavourable graft cardiovascular maternal neonatal fetal
    pregnancy histological functional survival adverse poor long-term
dose doses requirement requirements: minimum maintenance steroid prednisone prednisolone cumulative minimal
    insulin
admission admissions visits: hospital emergency icu
need: dialysis
decline deterioration preservation: egfr gfr renal function functional cognitive
damage injury impairment dysfunction: kidney renal tubular liver endothelial graft organ ventricular acute
    chronic
severity burden: symptom disease infection pill
signs symptoms manifestations: clinical gastrointestinal vital menopausal urinary depressive withdrawal
    extrarenal cushingoid constitutional
disorder disorders disturbances: lymphoproliferative gastrointestinal sleep electrolyte metabolic
development: diabetes
events: adverse cardiovascular thromboembolic thrombotic renal cardiac coronary bleeding healing vascular fatal
    safety related ischemic cerebrovascular infectious
event: adverse cardiovascular thromboembolic renal cardiac bleeding
episodes episode: rejection relapse infectious hypoglycemic infection
reaction reactions: adverse infusion allergic injection-site hypersensitivity infusion-related skin drug
exposure: mpa drug cyclosporine tacrolimus acid systemic auc steroid sun
progression: disease renal kidney ckd gfr
inhibition: enzyme impdh platelet cytokine
use: steroid antihypertensive resource medication
intake: sodium protein salt energy fluid potassium phosphate caloric calorie dietary water
elimination: sodium drug salt
mass: ventricular muscle bone lean fat myocardial
load: viral parasite pill tumor tumour
features: clinical histologic histological
tests: function
diameter dimensions: ventricular atrial aortic arterial vessel internal
"""


def _read(table: str) -> dict[str, frozenset[str]]:
    """Lines of "heads: words before them", continued lines indented; a head may stand in several lines."""
    read: dict[str, frozenset[str]] = {}
    for line in table.replace("\n    ", " ").strip().splitlines():
        heads, _, words = line.partition(":")
        for head in heads.split():
            read[head] = read.get(head, frozenset()) | frozenset(words.split())
    return read


ONLY_AFTER: dict[str, frozenset[str]] = _read(_ONLY_AFTER)

# Nouns that, followed by "of"/"in"/"to", open a longer phrase: "rate of decline in GFR".
_OPENERS_OF = """
rate rates frequency prevalence duration doubling preservation restoration percentage number level levels severity
intensity concentration concentrations activity decline declines persistence expression expressions times speed
subsets degree extent severity resolution recovery regression recurrence remission
"""
OPENERS_OF = frozenset(_OPENERS_OF.split())
OPENERS_IN = frozenset(["decline", "declines", "deterioration", "change"])
OPENERS_TO = frozenset(["time", "times", "progression", "response", "intolerance"])

_STOP_LEFT = """
a an the this that these those their its our his her and or but nor of in on at to for from by with without within
during after before between among into than as per via over under about against towards toward until while when
where which who whose whom what if because since although though however both either neither each every all any some
no none not only also same other another such more most less least few fewer many much several various further
additional certain own is are was were be been being has have had having do does did may might can could will would
should must shall significant significantly higher lower greater lesser smaller larger better worse best worst
similar comparable equal equivalent different mean median average increased decreased reduced improved unchanged
elevated raised diminished initial final calculated observed reported measured recorded assessed evaluated analyzed
analysed good poor stable normal abnormal mild moderate marked slight small large new previous prior subsequent
overall main primary secondary key major minor baseline individual first second third one two three four five six
seven eight nine ten high low highest lowest clear excellent potential possible probable likely unlikely
considerable substantial statistically numerically common frequent rare important relevant early-late long-term
short-term respective actuarial patients patient subjects children adults men women group groups arm arms study
studies trial trials month months week weeks year years day days showed show shows achieve achieved achieving reach
reached maintain maintained developed develop experienced experience caused cause affect affected affecting improve
improves improving reduce reduces reducing increase increases increasing decrease decreases decreasing prevent
preventing prevents compare compared comparing versus vs assess assessing determine examine investigate evaluate
measure measuring monitor following despite including include includes included regarding concerning then thus
therefore whereas yet so there it they we he she i you us them favorable favourable less-severe acceptable
satisfactory terms due e.g i.e total-number adverse-free vs. using given received treated group's change changes
difference differences effect-of aggressive massive steep affects aggravate aggravates corrects correct corrected
treats treat target targets potent minimal minimum unpredictable eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty thirty forty fifty lowers lowered raises slows slow attenuates attenuate controls
ameliorates ameliorate preserves preserve abolishes suppresses enhances induces inhibits blunts normalizes halves
predicts predict stabilizes accelerates delays apparent superior synergic synergistic irrelevant maintains provides
range nephrotic progressive healthy term well controlled period periods therapy abstract avoid control drugs avoided
medication risk-of lack addition use dose-dependent causes absence presence degree subgroup population
pretransplantation baseline-to late early produced induced associated influence impact incidence risk occurrence
evidence rise fall drop need only-in slower faster delayed prolonged shorter longer enhanced sustained-in
impaired-in preserved worsening beneficial conspicuous effective known besides down limit limits log confers confer
quantitative exerts exert offers halts promotes displays reverses blocks alters possibly striking dramatic
remarkable modest gradual rapid sudden transient intermittent occasional subsequent-to like unlike upon
"""
STOP_LEFT = frozenset(_STOP_LEFT.split())

# "-ed" and "-ing" words that belong to a noun phrase; every other one stops the way to the left.
_PARTICIPLES = """
estimated sustained corrected adjusted biopsy-proven steroid-related drug-related treatment-related infusion-related
treatment-emergent glucocorticoid-related annualized annualised glycated glycosylated untreated circulating fasting
creatinine-based calculated-gfr life-threatening wound-healing healing bleeding standardized resting ionized treated
"""
PARTICIPLES = frozenset(_PARTICIPLES.split())

# Modifiers that only some heads keep.
KEEP_BEFORE: dict[str, frozenset[str]] = {
    "progressive": frozenset(["renal", "kidney"]),
    "overall": frozenset(["survival", "response", "mortality", "safety", "remission"]),
    "mean": frozenset(["arterial"]),
    "early": frozenset(["severe"]),
    "major": frozenset(["bleeding", "adverse", "cardiovascular"]),
    "minimum": frozenset(["dose", "doses"]),
    "minimal": frozenset(["dose", "doses"]),
    "low": frozenset(["density"]),
}
