public import ArgumentParser
public import JobModel

// Values of flags are decoded, too.
extension SplitRule: ExpressibleByArgument, Decodable {}
