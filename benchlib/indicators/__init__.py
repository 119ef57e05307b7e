"""Figures in: catalogue, territory, store, readers, and `load_indicators`."""

from benchlib.indicators.buildings.factors import Factor, load_factors
from benchlib.indicators.buildings.register import Register, RegisterSource, load_register, registers
from benchlib.indicators.catalog import Catalogue, load_catalogue
from benchlib.indicators.check import check_data
from benchlib.indicators.folder import data_folder, notebooks_folder, own_folder
from benchlib.indicators.harmonise import harmonise
from benchlib.indicators.names import find_municipality, full_name
from benchlib.indicators.networks import Member, Network
from benchlib.indicators.panel import catalogue_of, load_indicators
from benchlib.indicators.passports import Passport, Service
from benchlib.indicators.plans.files import parse_plan, read_plan
from benchlib.indicators.plans.plan import (
    Action,
    Goal,
    ImprovementPlan,
    Step,
    Why,
    write_plan,
)
from benchlib.indicators.plans.problems import open_fields, partner_unit, plan_problems
from benchlib.indicators.plans.store import (
    AddedPlan,
    add_plan,
    checked_plan,
    find_plan,
    plans_folder,
    plans_of_former,
    stored_plan,
    stored_plans,
)
from benchlib.indicators.practices.files import (
    PRACTICE_TEMPLATE,
    AddedPractice,
    add_practice,
    check_practices,
    problems_of_practice,
    store_practice,
)
from benchlib.indicators.practices.practice import Practice, select_practices
from benchlib.indicators.registry import Doubt, Measure, Registry, Source, load_registry
from benchlib.indicators.split import split_sensitivity
from benchlib.indicators.store import Store, default_store
from benchlib.indicators.surveys.files import Survey, imported_surveys, survey_problems
from benchlib.indicators.surveys.survey import SURVEY_COLUMNS, load_surveys
from benchlib.indicators.territory import (
    CLASSIFICATIONS,
    Territory,
    classification,
    classification_of,
    former_municipalities,
    present_municipalities,
)
from benchlib.indicators.weights import IndexFormula, IndexPart, NeedKey, NeedPart, load_index, load_need_key

__all__ = [
    "CLASSIFICATIONS",
    "PRACTICE_TEMPLATE",
    "SURVEY_COLUMNS",
    "Action",
    "AddedPlan",
    "AddedPractice",
    "Catalogue",
    "Doubt",
    "Factor",
    "Goal",
    "ImprovementPlan",
    "IndexFormula",
    "IndexPart",
    "Measure",
    "Member",
    "NeedKey",
    "NeedPart",
    "Network",
    "Passport",
    "Practice",
    "Register",
    "RegisterSource",
    "Registry",
    "Service",
    "Source",
    "Step",
    "Store",
    "Survey",
    "Territory",
    "Why",
    "add_plan",
    "add_practice",
    "catalogue_of",
    "check_data",
    "check_practices",
    "checked_plan",
    "classification",
    "classification_of",
    "data_folder",
    "default_store",
    "find_municipality",
    "find_plan",
    "former_municipalities",
    "full_name",
    "harmonise",
    "imported_surveys",
    "load_catalogue",
    "load_factors",
    "load_index",
    "load_indicators",
    "load_need_key",
    "load_register",
    "load_registry",
    "load_surveys",
    "notebooks_folder",
    "open_fields",
    "own_folder",
    "parse_plan",
    "partner_unit",
    "plan_problems",
    "plans_folder",
    "plans_of_former",
    "present_municipalities",
    "problems_of_practice",
    "read_plan",
    "registers",
    "select_practices",
    "split_sensitivity",
    "store_practice",
    "stored_plan",
    "stored_plans",
    "survey_problems",
    "write_plan",
]
