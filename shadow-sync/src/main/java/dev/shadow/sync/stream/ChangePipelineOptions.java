package dev.shadow.sync.stream;

import dev.shadow.spi.InvalidValueException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Limits of a {@link ChangePipeline}.
 *
 * @param batchChanges a batch takes no further transaction once it has so many changes, at least 1
 * @param maxTransactionChanges a transaction with more changes is refused, at least 1
 * @param readTimeout how long one poll waits for the first transaction of a batch; more than zero
 * @param callTimeout how long one call of feed or target may take; more than zero
 * @param clock wall time, for the lag; should be the source's
 */
public record ChangePipelineOptions(
        int batchChanges, int maxTransactionChanges, Duration readTimeout, Duration callTimeout, InstantSource clock) {
    private static final Duration LEAST = Duration.ofNanos(1);

    public ChangePipelineOptions {
        atLeastOne("batchChanges", batchChanges);
        atLeastOne("maxTransactionChanges", maxTransactionChanges);
        positive("readTimeout", readTimeout);
        positive("callTimeout", callTimeout);
        Objects.requireNonNull(clock, "clock");
    }

    private static void atLeastOne(String field, int value) {
        if (value < 1) {
            throw new InvalidValueException(field, Integer.toString(value), "be at least 1");
        }
    }

    private static void positive(String field, Duration value) {
        if (Objects.requireNonNull(value, field).compareTo(LEAST) < 0) {
            throw new InvalidValueException(field, value.toString(), "be more than zero");
        }
    }

    /** Returns the defaults: batches of 1000 changes, transactions of a million, 100 ms, 30 s, the system's clock. */
    public static ChangePipelineOptions defaults() {
        return new ChangePipelineOptions(
                1000, 1_000_000, Duration.ofMillis(100), Duration.ofSeconds(30), InstantSource.system());
    }

    /** Returns these options with another size of batches. */
    public ChangePipelineOptions withBatchChanges(int value) {
        return new ChangePipelineOptions(value, maxTransactionChanges, readTimeout, callTimeout, clock);
    }

    /** Returns these options with another limit of transactions. */
    public ChangePipelineOptions withMaxTransactionChanges(int value) {
        return new ChangePipelineOptions(batchChanges, value, readTimeout, callTimeout, clock);
    }

    /** Returns these options with another clock. */
    public ChangePipelineOptions withClock(InstantSource value) {
        return new ChangePipelineOptions(batchChanges, maxTransactionChanges, readTimeout, callTimeout, value);
    }
}
