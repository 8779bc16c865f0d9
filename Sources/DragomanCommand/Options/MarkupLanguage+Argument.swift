public import ArgumentParser
public import JobModel

// Values of flags are decoded, too.
extension MarkupLanguage: ExpressibleByArgument, Decodable {}
