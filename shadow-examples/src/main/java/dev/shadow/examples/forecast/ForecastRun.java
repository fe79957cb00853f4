package dev.shadow.examples.forecast;

import dev.shadow.spi.InvalidValueException;
import dev.shadow.spi.forecast.FitOptions;
import dev.shadow.spi.forecast.ForecastException;
import dev.shadow.spi.forecast.ForecastModel;
import dev.shadow.spi.forecast.Forecaster;
import dev.shadow.spi.metrics.TimeSeries;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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

    private final Forecaster forecaster;
    private final Settings settings;
    private final Consumer<RowProblem> problems;
    private final ThreadMXBean clock = ManagementFactory.getThreadMXBean();

    /**
     * How tasks are forecast.
     *
     * @param horizon steps for every task; empty for what the task says
     * @param percent whether values are percentages: none below 0 or above 100
     */
    record Settings(OptionalInt horizon, long seed, int threads, boolean percent) {}

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

    /** Forecasts all tasks; returns how many forecasts the receiver got. */
    int run(TaskReader tasks, Receiver receiver) throws IOException {
        ExecutorService workers = Executors.newFixedThreadPool(settings.threads());
        try {
            int done = 0;
            List<ForecastTask> batch = batch(tasks);
            while (!batch.isEmpty()) {
                for (Future<Optional<TaskForecast>> future : submit(workers, batch)) {
                    Optional<TaskForecast> forecast = result(future);
                    if (forecast.isPresent()) {
                        receiver.take(forecast.get());
                        done++;
                    }
                }
                batch = batch(tasks);
            }
            return done;
        } finally {
            workers.shutdownNow();
        }
    }

    private List<ForecastTask> batch(TaskReader tasks) throws IOException {
        List<ForecastTask> batch = new ArrayList<>();
        while (batch.size() < TASKS_PER_THREAD * settings.threads()) {
            Optional<ForecastTask> task = tasks.read();
            if (task.isEmpty()) {
                break;
            }
            batch.add(task.get());
        }
        return batch;
    }

    private List<Future<Optional<TaskForecast>>> submit(ExecutorService workers, List<ForecastTask> batch) {
        List<Future<Optional<TaskForecast>>> futures = new ArrayList<>();
        for (ForecastTask task : batch) {
            futures.add(workers.submit(() -> forecast(task)));
        }
        return futures;
    }

    private static Optional<TaskForecast> result(Future<Optional<TaskForecast>> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a forecast ended in " + e.getCause(), e);
        }
    }

    private Optional<TaskForecast> forecast(ForecastTask task) {
        try {
            long cpu = clock.getCurrentThreadCpuTime();
            long wall = System.nanoTime();
            checkPercent(task);
            ForecastModel model = forecaster.fit(task.history(), options(task));
            int horizon = settings.horizon().orElse(task.horizon());
            var forecast = model.forecast(horizon, LEVELS);
            return Optional.of(new TaskForecast(
                    task, forecast, clock.getCurrentThreadCpuTime() - cpu, System.nanoTime() - wall, words(model)));
        } catch (ForecastException | InvalidValueException e) {
            problems.accept(new RowProblem(task.line(), task.id(), String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private void checkPercent(ForecastTask task) {
        TimeSeries history = task.history();
        for (int i = 0; settings.percent() && i < history.size(); i++) {
            if (history.value(i) < 0 || history.value(i) > 100) {
                throw new InvalidValueException(
                        "value " + (i + 1),
                        Double.toString(history.value(i)),
                        "be from 0 to 100, as --percent was given");
            }
        }
    }

    private FitOptions options(ForecastTask task) {
        OptionalInt season = task.season() > 0 ? OptionalInt.of(task.season()) : OptionalInt.empty();
        double low = settings.percent() ? 0 : Double.NEGATIVE_INFINITY;
        double high = settings.percent() ? 100 : Double.POSITIVE_INFINITY;
        return new FitOptions(settings.seed(), season, low, high);
    }

    private static String words(ForecastModel model) {
        Map<String, Double> parameters = model.summary().parameters();
        return model.summary().method()
                + parameters.entrySet().stream()
                        .map(e -> String.format(Locale.ROOT, " %s=%.4g", e.getKey(), e.getValue()))
                        .collect(Collectors.joining());
    }
}
