package dev.shadow.forecast.evaluate;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.Forecaster;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/**
 * Runs back-tests on any number of series, several at a time. Holds no more than {@code atOnce} series and reports;
 * the figures of the fleet are sums, which are added in the order of the series and so do not depend on the threads.
 */
public final class FleetBackTest {
    private final Forecaster forecaster;
    private final List<Double> levels;
    private final Executor executor;
    private final int atOnce;

    private FleetBackTest(Forecaster forecaster, List<Double> levels, Executor executor, int atOnce) {
        this.forecaster = forecaster;
        this.levels = levels;
        this.executor = executor;
        this.atOnce = atOnce;
    }

    /** Is told of each series, in their order and on the thread that called {@link #run}. */
    public interface Listener {
        /** A series was tested. */
        void tested(BackTestSubject subject, BackTestReport report);

        /**
         * A series could not be tested and does not count.
         *
         * @param reason a {@link ForecastException} or an {@link InvalidValueException}
         */
        void refused(BackTestSubject subject, Exception reason);
    }

    /**
     * Returns a back-test of fleets.
     *
     * @param levels quantile levels of every series
     * @param executor runs a series at a time on each of its threads
     * @param atOnce most series under way or waiting for one before them, at least 1
     */
    public static FleetBackTest of(Forecaster forecaster, List<Double> levels, Executor executor, int atOnce) {
        if (atOnce < 1) {
            throw new InvalidValueException("atOnce", Integer.toString(atOnce), "be at least 1");
        }
        return new FleetBackTest(forecaster, List.copyOf(levels), executor, atOnce);
    }

    /**
     * Tests every series and returns the report of the fleet; empty if none could be tested.
     *
     * @throws InvalidValueException if a subject has other levels
     * @throws InterruptedException if the thread is interrupted while it waits for a series
     */
    public Optional<BackTestReport> run(Iterator<BackTestSubject> subjects, Listener listener)
            throws InterruptedException {
        Tallies fleet = new Tallies(
                new Levels(levels.stream().mapToDouble(Double::doubleValue).toArray()), List.of());
        Deque<Run> running = new ArrayDeque<>();
        while (subjects.hasNext() || !running.isEmpty()) {
            while (subjects.hasNext() && running.size() < atOnce) {
                Run run = start(subjects.next());
                running.add(run);
            }
            finish(running.remove(), fleet, listener);
        }
        return fleet.isEmpty() ? Optional.empty() : Optional.of(fleet.report());
    }

    private record Run(BackTestSubject subject, FutureTask<Tallies> result) {}

    private Run start(BackTestSubject subject) {
        if (!subject.plan().levels().equals(levels)) {
            throw new InvalidValueException(
                    "levels", subject.plan().levels().toString(), "be those of the fleet, " + levels);
        }
        FutureTask<Tallies> result = new FutureTask<>(
                () -> BackTest.of(forecaster, subject.options(), subject.plan()).tallies(subject.series()));
        executor.execute(result);
        return new Run(subject, result);
    }

    private static void finish(Run run, Tallies fleet, Listener listener) throws InterruptedException {
        try {
            Tallies one = run.result().get();
            fleet.add(one);
            listener.tested(run.subject(), one.report());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ForecastException refused) {
                listener.refused(run.subject(), refused);
            } else if (e.getCause() instanceof InvalidValueException refused) {
                listener.refused(run.subject(), refused);
            } else {
                throw new CompletionException("series " + run.subject().id(), e.getCause());
            }
        }
    }
}
