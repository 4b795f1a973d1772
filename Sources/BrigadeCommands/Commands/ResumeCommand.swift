internal import ArgumentParser
internal import Brigade
private import Foundation
internal import S3Client

/// `brigade resume`: goes on with a job that ended before its end.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Goes on with a job: copies what no run has copied yet, and tries again what failed.",
        discussion: """
            Only what is left is listed, and of what was copied nothing is copied again but what was under way when the \
            job was killed. On a server that does not list in byte order, all of it is listed and copied again.

            Source, destination, service and options are those that the job was begun with; options given here win. \
            Credentials are looked for anew, since a job keeps none.

            Exit codes: as those of brigade copy.

            Example: brigade resume 20261124-033212-k7 --failed-only
            """
    )

    @Argument(help: "The job's number or name, or the beginning of it.")
    var job: String

    @Flag(name: .customLong("failed-only"), help: "Only try again what failed.")
    var failedOnly = false

    @Option(
        name: .customLong("failed-keys"),
        help: ArgumentHelp("Write what fails to this file too, as JSON lines.", valueName: "file")
    )
    var failedKeys: String?

    @OptionGroup(title: "Service") var connection: ConnectionOptions
    @OptionGroup(title: "Journal") var state: StateOptions
    @OptionGroup(title: "Output") var output: OutputOptions<ReportFormat>

    func run() async throws {
        let journal: JobJournal
        var record: JobRecord
        do {
            journal = try state.directory().openJob(job)
            record = try journal.record()
        } catch let error as BrigadeError {
            throw CommandFailure.fatal(error.message)
        }
        let definition = journal.definition
        let folder = definition.workingDirectory
        var copy: CopyCommand
        do {
            copy = try CopyCommand.parse(definition.options)
        } catch {
            throw CommandFailure.fatal(
                "the options of job \(journal.id) mean nothing to this version: \(CopyCommand.message(for: error))"
            )
        }
        let stored = copy.connection.absolute(in: folder)
        copy.connection = connection.completed(by: stored, definition, environment: ProcessInfo.processInfo.environment)
        copy.output = output
        let session = JobSession(
            journal: journal,
            scope: failedOnly ? .failedOnly : .everything,
            isNew: false,
            failedKeys: failedKeys ?? copy.journal.failedKeys.map { WorkingDirectory.absolute($0, in: folder) },
            isQuiet: output.quiet
        )
        // Nobody but this process runs it, which has done nothing yet.
        record.process = nil
        if record.state == .complete, !output.quiet {
            StandardError.write("brigade: job \(journal.id) is complete; there is nothing left to do\n")
        }
        try await copy.run { configuration in
            guard definition.endpoint != nil || configuration.endpoint == nil || connection.endpoint != nil else {
                throw CommandFailure.fatal(
                    "job \(journal.id) was begun on Amazon S3, and the environment or the profile names another service "
                        + "now; name it by --endpoint if it is meant"
                )
            }
            return session
        }
    }
}

extension ConnectionOptions {
    /// The same with paths that mean the same in every folder.
    fileprivate func absolute(in folder: String) -> ConnectionOptions {
        var options = self
        options.caBundle = caBundle.map { WorkingDirectory.absolute($0, in: folder) }
        return options
    }

    /// These options, with what they leave out taken from those that a job was begun with.
    ///
    /// The service stays that of the job, whatever the environment says by now.
    fileprivate func completed(
        by stored: ConnectionOptions,
        _ definition: JobDefinition,
        environment: [String: String]
    ) -> ConnectionOptions {
        var options = self
        options.endpoint = endpoint ?? stored.endpoint ?? definition.endpoint
        options.region = region ?? stored.region ?? definition.region
        if !pathStyle, !virtualHost {
            (options.pathStyle, options.virtualHost) = (stored.pathStyle, stored.virtualHost)
        }
        if caBundle == nil, !noVerifySSL {
            (options.caBundle, options.noVerifySSL) = (stored.caBundle, stored.noVerifySSL)
        }
        if profile == nil, !noSignRequest {
            options.noSignRequest = stored.noSignRequest
            let isInEnvironment = environment["AWS_ACCESS_KEY_ID"]?.isEmpty == false
            options.profile = stored.profile ?? (isInEnvironment || stored.noSignRequest ? nil : definition.profile)
        }
        return options
    }
}
