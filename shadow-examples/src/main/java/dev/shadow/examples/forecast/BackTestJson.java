package dev.shadow.examples.forecast;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.shadow.forecast.evaluate.Accuracy;
import dev.shadow.forecast.evaluate.BackTestReport;
import dev.shadow.forecast.evaluate.IntervalAccuracy;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Writes the report file series by series, so that no more than one is held. A figure that does not exist is null.
 * Owned by one thread; throws {@link UncheckedIOException} if the file cannot be written.
 */
final class BackTestJson implements Closeable {
    private final JsonGenerator json;

    private BackTestJson(JsonGenerator json) {
        this.json = json;
    }

    static BackTestJson create(Path file, BackTestSettings settings) throws IOException {
        JsonGenerator json = new JsonFactory()
                .createGenerator(file.toFile(), JsonEncoding.UTF8)
                .useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeStringField("method", settings.method());
        json.writeNumberField("seed", settings.fitting().seed());
        json.writeNumberField("origins", settings.origins());
        number(json, "horizon", settings.horizon());
        number(json, "spacing", settings.spacing());
        json.writeNumberField("refitEvery", settings.refitEvery());
        json.writeArrayFieldStart("levels");
        for (double level : ForecastRun.LEVELS) {
            json.writeNumber(level);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("series");
        return new BackTestJson(json);
    }

    void series(long line, String id, BackTestReport report) {
        try {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeNumberField("line", line);
            report(report);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void problem(RowProblem problem) {
        try {
            json.writeStartObject();
            json.writeStringField("id", problem.id());
            json.writeNumberField("line", problem.line());
            json.writeStringField("problem", problem.reason());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the list of series with what they are together. */
    void fleet(BackTestReport report) throws IOException {
        json.writeEndArray();
        json.writeObjectFieldStart("fleet");
        json.writeNumberField("series", report.series());
        report(report);
        json.writeEndObject();
    }

    private void report(BackTestReport report) throws IOException {
        json.writeNumberField("origins", report.origins());
        json.writeFieldName("overall");
        accuracy(report.overall());
        json.writeArrayFieldStart("ranges");
        for (Accuracy range : report.ranges()) {
            accuracy(range);
        }
        json.writeEndArray();
    }

    private void accuracy(Accuracy accuracy) throws IOException {
        json.writeStartObject();
        json.writeNumberField("firstStep", accuracy.steps().first());
        json.writeNumberField("lastStep", accuracy.steps().last());
        json.writeNumberField("forecasts", accuracy.forecasts());
        json.writeNumberField("unscaled", accuracy.unscaled());
        json.writeNumberField("outcomes", accuracy.outcomes());
        number("owa", accuracy.owa());
        number("mase", accuracy.mase());
        number("smape", accuracy.smape());
        number("relativeError", accuracy.relativeError());
        number("scaledPinball", accuracy.scaledPinball());
        number("weightedPinball", accuracy.weightedPinball());
        number("pinball", accuracy.pinball());
        number("absoluteError", accuracy.absoluteError());
        json.writeArrayFieldStart("intervals");
        for (IntervalAccuracy interval : accuracy.intervals()) {
            json.writeStartObject();
            number("nominal", interval.nominal());
            number("coverage", interval.coverage());
            number("msis", interval.msis());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectFieldStart("below");
        for (int q = 0; q < ForecastRun.LEVELS.length; q++) {
            number(Double.toString(ForecastRun.LEVELS[q]), accuracy.below().get(q));
        }
        json.writeEndObject();
        number("headroom95", accuracy.headroom95());
        json.writeEndObject();
    }

    private void number(String name, OptionalDouble value) throws IOException {
        number(name, value.orElse(Double.NaN));
    }

    private void number(String name, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(name, value);
        } else {
            json.writeNullField(name);
        }
    }

    private static void number(JsonGenerator json, String name, OptionalInt value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.getAsInt());
        } else {
            json.writeNullField(name);
        }
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
