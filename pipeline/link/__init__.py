"""Stage 3, Mention → Concept. Lexicons, vocabularies and the hierarchy of concepts."""

from pipeline.link.hierarchy import ancestors, descendants
from pipeline.link.lexicon import Lexicon, LexiconError, load_lexicon
from pipeline.link.linker import Linker

__all__ = ["Lexicon", "LexiconError", "Linker", "ancestors", "descendants", "load_lexicon"]
