// What users of the engine name besides its own types: options, configurations and errors of the layers below.
@_exported public import Inference
@_exported public import ModelFormats
@_exported public import Translations
