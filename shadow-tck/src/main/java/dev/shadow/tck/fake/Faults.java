package dev.shadow.tck.fake;

import dev.shadow.spi.SpiException;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The faults that one fake is to show, each used up by one call, and a count of the calls it got. Faults
 * of one kind of call happen in the order in which they were asked for. Thread-safe.
 *
 * @param <C> the calls of the fake
 */
public final class Faults<C extends Enum<C>> {
    private final Object lock = new Object();
    private final VirtualTime time;
    private final Map<C, Deque<Fault>> planned;
    private final Map<C, Integer> calls = new HashMap<>();

    Faults(Class<C> type, VirtualTime time) {
        this.planned = new EnumMap<>(type);
        this.time = Objects.requireNonNull(time, "time");
    }

    /** The next such call fails and has no effect. */
    public void failNext(C call, Retry retry) {
        plan(call, new Fault(Kind.FAIL, retry, Duration.ZERO));
    }

    /** The next such call has its effect; its caller sees a transient failure. */
    public void loseNextAnswer(C call) {
        plan(call, new Fault(Kind.LOSE_ANSWER, Retry.TRANSIENT, Duration.ZERO));
    }

    /**
     * The next such call takes {@code delay} of virtual time; if that is longer than its time-out, it
     * fails transiently when the time-out has passed and has no effect.
     */
    public void delayNext(C call, Duration delay) {
        plan(call, new Fault(Kind.DELAY, Retry.TRANSIENT, delay));
    }

    /** Forgets the faults that have not happened. */
    public void clear() {
        synchronized (lock) {
            planned.clear();
        }
    }

    /** Number of such calls so far, failed ones included. */
    public int calls(C call) {
        synchronized (lock) {
            return calls.getOrDefault(call, 0);
        }
    }

    private void plan(C call, Fault fault) {
        synchronized (lock) {
            planned.computeIfAbsent(call, c -> new ArrayDeque<>()).add(fault);
        }
    }

    <T, E extends SpiException> T in(C call, Duration timeout, Failure<E> failure, Body<T, E> body) throws E {
        Optional<Fault> fault = next(call);
        if (fault.isEmpty()) {
            return body.run();
        }
        return switch (fault.get().kind) {
            case FAIL -> throw failure.of(fault.get().retry, call + " failed, as injected");
            case LOSE_ANSWER -> {
                body.run();
                throw failure.of(Retry.TRANSIENT, "the answer to " + call + " was lost, as injected");
            }
            case DELAY -> {
                if (fault.get().delay.compareTo(timeout) > 0) {
                    time.pass(timeout);
                    throw failure.of(Retry.TRANSIENT, call + " timed out after " + timeout);
                }
                time.pass(fault.get().delay);
                yield body.run();
            }
        };
    }

    private Optional<Fault> next(C call) {
        synchronized (lock) {
            calls.merge(call, 1, Integer::sum);
            Deque<Fault> queue = planned.get(call);
            return queue == null ? Optional.empty() : Optional.ofNullable(queue.poll());
        }
    }

    /** Makes an exception of the fake's type. */
    @FunctionalInterface
    interface Failure<E extends SpiException> {
        E of(Retry retry, String message);
    }

    /** What the call does. */
    @FunctionalInterface
    interface Body<T, E extends SpiException> {
        T run() throws E;
    }

    private enum Kind {
        FAIL,
        LOSE_ANSWER,
        DELAY
    }

    private record Fault(Kind kind, Retry retry, Duration delay) {}
}
