// A job is made of what is translated and how, and its record of what came of it.
@_exported public import Translations
