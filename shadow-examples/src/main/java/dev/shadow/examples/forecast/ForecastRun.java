package dev.shadow.examples.forecast;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Forecasts tasks on several threads and hands the forecasts over in the order of the tasks. Each task is on its own:
 * one that cannot be forecast is told and left out. Owned by one thread; its workers never share a task.
 */
final class ForecastRun {
    /** The levels of the forecast file. */
    static final double[] LEVELS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99};

    private static final int TASKS_PER_THREAD = 16;
    private static final int MOST_PENDING = 100_000;
    /** Parameters told of each model. */
    private static final int MOST_WORDS = 24;

    private final Forecaster forecaster;
    private final Settings settings;
    private final Consumer<RowProblem> problems;
    private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private long valuesPending;

    /**
     * How tasks are forecast.
     *
     * @param horizon steps for every task; empty for what the task says
     */
    record Settings(OptionalInt horizon, int threads, Fitting fitting) {}

    /** A task under way, or one that is waiting to be handed over. */
    private record Pending(int values, Future<Outcome> outcome) {}

    /** Either a forecast or why there is none. */
    private record Outcome(Optional<TaskForecast> forecast, Optional<RowProblem> problem) {
        private static Outcome of(TaskForecast forecast) {
            return new Outcome(Optional.of(forecast), Optional.empty());
        }

        private static Outcome of(RowProblem problem) {
            return new Outcome(Optional.empty(), Optional.of(problem));
        }
    }

    /**
     * Returns a run.
     *
     * @param problems is told of what could not be forecast, in the order of the file
     */
    ForecastRun(Forecaster forecaster, Settings settings, Consumer<RowProblem> problems) {
        this.forecaster = forecaster;
        this.settings = settings;
        this.problems = problems;
    }

    /** What a run over a file does with each forecast. */
    @FunctionalInterface
    interface Receiver {
        void take(TaskForecast forecast) throws IOException;
    }

    /** Takes a row that the reader skipped, to tell of it when its turn has come; at once if very many wait. */
    void skipped(RowProblem problem) {
        if (pending.isEmpty() || pending.size() >= MOST_PENDING) {
            problems.accept(problem);
            return;
        }
        pending.add(new Pending(0, CompletableFuture.completedFuture(Outcome.of(problem))));
    }

    /** Forecasts all tasks of a reader that tells {@link #skipped}; returns how many the receiver got. */
    int run(TaskReader tasks, Receiver receiver) throws IOException {
        ExecutorService workers = Executors.newFixedThreadPool(settings.threads());
        try {
            int done = 0;
            boolean more = true;
            while (more || !pending.isEmpty()) {
                while (more && isRoom()) {
                    Optional<ForecastTask> task = tasks.read();
                    more = task.isPresent();
                    task.ifPresent(t -> submit(workers, t));
                }
                done += handOver(receiver);
            }
            return done;
        } finally {
            workers.shutdownNow();
        }
    }

    /** Long series wait for those before them, so that many of them cost no more memory than a few. */
    private boolean isRoom() {
        return pending.size() < TASKS_PER_THREAD * settings.threads() && valuesPending < TaskReader.MOST_VALUES;
    }

    private void submit(ExecutorService workers, ForecastTask task) {
        int values = task.history().size();
        valuesPending += values;
        pending.add(new Pending(values, workers.submit(() -> forecast(task))));
    }

    private int handOver(Receiver receiver) throws IOException {
        Pending first = pending.poll();
        if (first == null) {
            return 0;
        }
        Outcome outcome = result(first.outcome());
        valuesPending -= first.values();
        outcome.problem().ifPresent(problems);
        if (outcome.forecast().isPresent()) {
            receiver.take(outcome.forecast().get());
            return 1;
        }
        return 0;
    }

    private static Outcome result(Future<Outcome> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a forecast ended in " + e.getCause(), e);
        }
    }

    private Outcome forecast(ForecastTask task) {
        try {
            long cpu = clock.getCurrentThreadCpuTime();
            long wall = System.nanoTime();
            ForecastModel model =
                    forecaster.fit(task.history(), settings.fitting().options(task));
            int horizon = settings.horizon().orElse(task.horizon());
            var forecast = model.forecast(horizon, LEVELS);
            return Outcome.of(new TaskForecast(
                    task, forecast, clock.getCurrentThreadCpuTime() - cpu, System.nanoTime() - wall, words(model)));
        } catch (ForecastException | InvalidValueException e) {
            return Outcome.of(new RowProblem(task.line(), task.id(), String.valueOf(e.getMessage())));
        }
    }

    private static String words(ForecastModel model) {
        Map<String, Double> parameters = model.summary().parameters();
        return model.summary().method()
                + parameters.entrySet().stream()
                        .limit(MOST_WORDS)
                        .map(e -> String.format(Locale.ROOT, " %s=%.4g", e.getKey(), e.getValue()))
                        .collect(Collectors.joining());
    }
}
