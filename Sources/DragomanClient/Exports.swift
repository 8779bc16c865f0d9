// What users of the client name besides its own types: jobs, records, reports and their errors.
@_exported public import JobModel
