// Submits a job and prints its translation. The broker is the one on this host, or that of the two endpoints given:
//
//     Scripts/dragoman serve &
//     swift run --configuration release SwiftClientExample [JOBS RESULTS]
import DragomanClient

// A broker on this host that asks for no keys.
var settings = Client.Settings()
if CommandLine.arguments.count == 3 {
    settings.jobsEndpoints = [CommandLine.arguments[1]]
    settings.resultsEndpoints = [CommandLine.arguments[2]]
}
do {
    let client = try Client(settings)
    let job = Job([.text("Where is the train station?")])
    // Returns when the job is on the broker's disk.
    try await client.submit(job)

    let results = client.results(consumer: "nightly")
    for try await record in results {
        if let output = record.outputs.first { print(output.hypotheses[0].text) }
        results.acknowledge(upTo: record.sequence)
        if record.job == job.id { break }
    }
    // Returns when the last acknowledgement has arrived.
    await results.close()
} catch {
    print("no translation: \(error)")
}
