/// What became of one source of a job: a translation without its segments.
public typealias Output = Translation
