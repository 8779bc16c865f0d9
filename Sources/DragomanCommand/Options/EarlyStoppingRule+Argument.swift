public import ArgumentParser
public import JobModel

extension EarlyStoppingRule: ExpressibleByArgument {}
