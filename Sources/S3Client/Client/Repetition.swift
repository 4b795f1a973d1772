/// Who sends a request again that failed in a way that another attempt need not.
public enum Repetition: Sendable, Hashable {
    /// The client, after a wait, by its `RetryPolicy`.
    case byClient
    /// Whoever calls, so that nothing waits in the call: each call is one attempt, and this is its number, counted
    /// from 1.
    case byCaller(attempt: Int)
}
