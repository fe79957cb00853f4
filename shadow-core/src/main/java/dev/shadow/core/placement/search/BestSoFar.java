package dev.shadow.core.placement.search;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The best solution of several workers. Among equally good ones the worker with the lower number wins, whoever came
 * first, so the outcome does not depend on the threads' pace. Thread-safe.
 *
 * @param <S> a solution; never changed after it was offered
 */
public final class BestSoFar<S> {
    private final Object lock = new Object();
    private double objective = Double.POSITIVE_INFINITY;
    private int owner = Integer.MAX_VALUE;
    private @Nullable S solution;

    /** Creates an empty one. */
    public BestSoFar() {}

    /**
     * Offers a solution; it is only asked for when it is taken.
     *
     * @param offered its cost, lower is better; not NaN
     * @param worker number of the worker that found it
     * @return whether it is the best now
     */
    public boolean offer(double offered, int worker, Supplier<S> copy) {
        synchronized (lock) {
            if (offered > objective || (offered == objective && worker >= owner)) {
                return false;
            }
            objective = offered;
            owner = worker;
            solution = copy.get();
            return true;
        }
    }

    /** Returns the cost of the best, infinite when there is none. */
    public double objective() {
        synchronized (lock) {
            return objective;
        }
    }

    /** Returns the best, empty when nothing was offered. */
    public Optional<S> solution() {
        synchronized (lock) {
            return Optional.ofNullable(solution);
        }
    }
}
