"""Figures in: catalogue, territory, store, readers, and `load_indicators`."""

from benchlib.indicators.catalog import Catalogue, load_catalogue
from benchlib.indicators.check import check_data
from benchlib.indicators.folder import data_folder, notebooks_folder, own_folder
from benchlib.indicators.harmonise import harmonise
from benchlib.indicators.names import find_municipality, full_name
from benchlib.indicators.networks import Member, Network
from benchlib.indicators.panel import catalogue_of, load_indicators
from benchlib.indicators.passports import Passport, Service
from benchlib.indicators.practices import Practice, select_practices
from benchlib.indicators.registry import Doubt, Measure, Registry, Source, load_registry
from benchlib.indicators.split import split_sensitivity
from benchlib.indicators.store import Store, default_store
from benchlib.indicators.territory import (
    CLASSIFICATIONS,
    Territory,
    classification,
    classification_of,
    former_municipalities,
    present_municipalities,
)

__all__ = [
    "CLASSIFICATIONS",
    "Catalogue",
    "Doubt",
    "Measure",
    "Member",
    "Network",
    "Passport",
    "Practice",
    "Registry",
    "Service",
    "Source",
    "Store",
    "Territory",
    "catalogue_of",
    "check_data",
    "classification",
    "classification_of",
    "data_folder",
    "default_store",
    "find_municipality",
    "former_municipalities",
    "full_name",
    "harmonise",
    "load_catalogue",
    "load_indicators",
    "load_registry",
    "notebooks_folder",
    "own_folder",
    "present_municipalities",
    "select_practices",
    "split_sensitivity",
]
