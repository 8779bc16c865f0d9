// How a search is asked for.
@_exported public import Translations
