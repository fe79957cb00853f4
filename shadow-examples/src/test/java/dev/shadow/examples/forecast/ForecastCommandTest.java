package dev.shadow.examples.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class ForecastCommandTest {
    private static final String HEAD = "id,season,horizon,interval_s,n,values";

    @TempDir
    Path directory;

    private final StringWriter err = new StringWriter();

    @Test
    void writesARowPerSeriesAndStepWithOrderedQuantiles() throws IOException {
        write(HEAD, row("a", 3, wave(60)), row("b", 2, wave(40)));

        assertThat(run()).isZero();

        List<String> lines = lines("x.forecast.csv");
        assertThat(lines.get(0))
                .isEqualTo("id,h,mean,q0.01,q0.025,q0.05,q0.1,q0.25,q0.5,q0.75,q0.9,q0.95,q0.975,q0.99");
        assertThat(lines.subList(1, lines.size()))
                .extracting(line -> line.substring(0, line.indexOf(',', 2)))
                .containsExactly("a,1", "a,2", "a,3", "b,1", "b,2");
        for (String line : lines.subList(1, lines.size())) {
            double[] numbers = Arrays.stream(line.split(","))
                    .skip(2)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertThat(Arrays.copyOfRange(numbers, 1, 12)).isSorted();
            assertThat(numbers[0]).isEqualTo(numbers[6]);
        }
    }

    @Test
    void writesTheCostOfEachSeries() throws IOException {
        write(HEAD, row("a", 3, wave(60)), row("b", 2, wave(40)));

        assertThat(run("--timing", directory.resolve("x.timing.csv").toString()))
                .isZero();

        List<String> lines = lines("x.timing.csv");
        assertThat(lines.get(0)).isEqualTo("id,cpu_ms,wall_ms,model");
        assertThat(lines.subList(1, lines.size())).hasSize(2).allMatch(line -> line.split(",").length == 4);
    }

    @Test
    void forecastsTheSameOnSeveralThreads() throws IOException {
        write(IntStream.range(0, 70)
                .mapToObj(i -> i == 0 ? HEAD : row("s" + i, 4, wave(30 + i)))
                .toArray(String[]::new));

        assertThat(run()).isZero();
        List<String> one = lines("x.forecast.csv");
        assertThat(run("--threads", "3")).isZero();

        assertThat(lines("x.forecast.csv")).isEqualTo(one).hasSize(1 + 69 * 4);
    }

    @Test
    void takesTheHorizonOfTheCommandLine() throws IOException {
        write(HEAD, row("a", 3, wave(60)));

        assertThat(run("--horizon", "7")).isZero();

        assertThat(lines("x.forecast.csv")).hasSize(8);
    }

    @Test
    void repeatsAConstantSeriesExactly() throws IOException {
        write(HEAD, row("a", 2, "7.25 ".repeat(20)));

        assertThat(run()).isZero();

        assertThat(lines("x.forecast.csv").get(2)).isEqualTo("a,2" + ",7.25".repeat(12));
    }

    /** The bad series stands on line 3 between two good ones, which are forecast all the same. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', textBlock = """
                    bad,1,2,300,0,                           | at least 2 values are needed to fit, 0 of the last 0 are there
                    bad,1,2,300,1,5                          | at least 2 values are needed to fit, 1 of the last 1 are there
                    bad,1,2,300,9,NA NA NA NA NA NA NA NA NA | at least 2 values are needed to fit, 0 of the last 9 are there
                    bad,1,2,300,9,1 2 3 inf 5 6 7 8 9        | value 4 must be a number or NA, was 'inf'
                    bad,1,2,300,9,1 2 3 Infinity 5 6 7 8 9   | value 4 must be finite, or NA for a missing one, was 'Infinity'
                    bad,1,2,300,9,1 2 3 1e999 5 6 7 8 9      | value 4 must be finite, or NA for a missing one, was '1e999'
                    bad,1,2,300,9,1 2 3 four 5 6 7 8 9       | value 4 must be a number or NA, was 'four'
                    bad,1,2,300,1000000000,1 2 3             | must have at most 10000000 values, has 1000000000
                    bad,1,2,300,4,1 2 3                      | must have as many values as n says, 4, has 3
                    bad,1,2,300,1 2 3                        | must have 6 columns, as the head line has, has 5
                    bad,1,2,300,3,1 2 3,4                    | must have 6 columns, as the head line has, has more
                    bad,1,2,five,3,1 2 3                     | interval_s must be a whole number from 1 to 31622400, was 'five'
                    bad,1,2,300 600,3,1 2 3                  | interval_s must be a whole number from 1 to 31622400, was '300 600'
                    bad,1,0,300,3,1 2 3                      | horizon must be a whole number from 1 to 1000000, was '0'
                    bad,-1,2,300,3,1 2 3                     | season must be a whole number from 0 to 1000000, was '-1'
                    """)
    void saysWhatIsWrongWithASeriesAndForecastsTheOthers(String bad, String reason) throws IOException {
        write(HEAD, row("good", 1, wave(30)), bad, row("fine", 1, wave(30)));

        assertThat(run()).isEqualTo(1);

        assertThat(err.toString()).startsWith("shadow forecast: line 3, series bad: " + reason);
        assertThat(err.toString()).endsWith("1 of 3 series could not be forecast" + System.lineSeparator());
        assertThat(lines("x.forecast.csv")).hasSize(3);
        assertThat(lines("x.forecast.csv").get(2)).startsWith("fine,1,");
    }

    @Test
    void refusesARowWhoseStepIsNotThatOfItsSeries() throws IOException {
        write(HEAD, row("vm@30", 1, wave(30)), row("vm@60", 1, wave(30)).replace(",300,", ",600,"));

        assertThat(run()).isEqualTo(1);

        assertThat(err.toString())
                .contains("line 3, series vm@60: interval_s must be the same in every row of the series, was 600 after"
                        + " 300");
    }

    @Test
    void refusesASecondSeriesOfTheSameName() throws IOException {
        write(HEAD, row("vm", 1, wave(30)), row("other", 1, wave(30)), row("vm", 1, wave(40)));

        assertThat(run()).isEqualTo(1);

        assertThat(err.toString())
                .contains("line 4, series vm: id must be given once, stands on line 2 already")
                .contains("1 of 3 series could not be forecast");
        assertThat(lines("x.forecast.csv")).hasSize(3);
    }

    /** The reader is ahead of the forecasts, on any number of threads. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "3"})
    void tellsProblemsInTheOrderOfTheLines(String threads) throws IOException {
        write(HEAD, row("a", 1, "1"), "b,1,1,300,1,x", row("c", 1, wave(30)), row("d", 1, "3"), "e,1,1,300,1,y");

        assertThat(run("--threads", threads)).isEqualTo(1);

        assertThat(err.toString().lines().limit(4).map(line -> line.replaceAll(".*series (.):.*", "$1")))
                .containsExactly("a", "b", "d", "e");
    }

    @ParameterizedTest
    @ValueSource(strings = {"naive", "seasonal-naive", "theta", "ets", "auto-arima", "histogram", "lstm"})
    void forecastsByTheMethodThatIsNamed(String method) throws IOException {
        write(HEAD, row("a", 6, wave(60)));

        assertThat(run("--method", method)).isZero();
        assertThat(lines("x.forecast.csv")).hasSize(7);
    }

    @Test
    void drawsAFanChartOfEachSeries() throws IOException {
        write(HEAD, row("<first> & \"so\"", 6, wave(60)), row("b", 2, "NA " + wave(40) + " NA"));
        Path plot = directory.resolve("x.svg");

        assertThat(run("--plot", plot.toString(), "--percent")).isZero();

        String svg = Files.readString(plot);
        assertThat(svg)
                .contains("&lt;first&gt; &amp; &quot;so&quot;", ">b</text>", "6 steps of 5 min ahead", "95 %", " %<");
        assertThat(svg).doesNotContain("NaN", "Infinity", "<first>");
        assertThat(panels(svg)).isEqualTo(2);
    }

    @Test
    void drawsTheSeriesThatAreNamed() throws IOException {
        write(IntStream.range(0, 20)
                .mapToObj(i -> i == 0 ? HEAD : row("s" + i, 2, wave(30)))
                .toArray(String[]::new));
        Path plot = directory.resolve("x.svg");

        assertThat(run("--plot", plot.toString())).isZero();
        assertThat(panels(Files.readString(plot))).isEqualTo(FanChart.MOST_PANELS);
        assertThat(run("--plot", plot.toString(), "--plot-series", "s17", "--plot-series", "gone"))
                .isEqualTo(1);

        assertThat(panels(Files.readString(plot))).isEqualTo(1);
        assertThat(Files.readString(plot)).contains(">s17</text>");
        assertThat(err.toString()).contains("--plot-series gone: no such series was forecast");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5 5 5 5 5 5 5 5 5",
                "1e300 -1e300 1e300 1 2 3 4 5 6",
                "0 0 0 0 0 0 0 0 0",
                "1e-9 2e-9 0 1 2 NA 0 0 1 0 0"
            })
    void drawsStrangeSeries(String values) throws Exception {
        write(HEAD, row("a", 3, values));
        Path plot = directory.resolve("x.svg");

        assertThat(run("--plot", plot.toString())).isZero();

        assertThat(Files.readString(plot)).doesNotContain("NaN", "Infinity");
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(plot.toFile());
        assertThat(document.getDocumentElement().getNodeName()).isEqualTo("svg");
    }

    private static int panels(String svg) {
        return svg.split("<title>", -1).length - 1;
    }

    @Test
    void refusesMoreValuesThanItHoldsWithoutHoldingThem() throws IOException {
        write(HEAD, "long,1,2,300,3," + "1 ".repeat(TaskReader.MOST_VALUES + 1), row("good", 1, wave(30)));

        assertThat(run()).isEqualTo(1);

        assertThat(err.toString()).contains("line 2, series long: must have at most 10000000 values, has more than");
        assertThat(lines("x.forecast.csv")).hasSize(2);
    }

    @Test
    void allowsNegativeValuesUnlessTheyArePercentages() throws IOException {
        write(HEAD, row("a", 1, "-3 " + wave(30)), row("b", 1, wave(30)));

        assertThat(run()).isZero();
        assertThat(run("--percent")).isEqualTo(1);

        assertThat(err.toString()).contains("line 2, series a: value 1 must be from 0 to 100, as --percent was given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "id,season,horizon,interval_s,n", "id,season,horizon,interval,n,values"})
    void refusesAFileWithoutTheColumns(String head) throws IOException {
        write(head, row("a", 1, wave(30)));

        assertThat(run()).isEqualTo(3);

        assertThat(err.toString())
                .contains("x.history.csv, line 1: must name the columns id,season,horizon,interval_s,n,values");
    }

    @Test
    void readsColumnsInAnyOrder() throws IOException {
        write("values,id,n,season,interval_s,horizon", wave(30) + ",a,30,1,300,2");

        assertThat(run()).isZero();

        assertThat(lines("x.forecast.csv")).hasSize(3);
    }

    @Test
    void failsIfNoSeriesIsThere() throws IOException {
        write(HEAD);

        assertThat(run()).isEqualTo(3);

        assertThat(err.toString()).contains("no series could be forecast");
    }

    @ParameterizedTest
    @CsvSource({"--threads,0", "--horizon,0", "--seed,x", "--method,magic"})
    void refusesAWrongOption(String option, String value) throws IOException {
        write(HEAD, row("a", 1, wave(30)));

        assertThat(run(option, value)).isEqualTo(2);

        assertThat(err.toString()).contains(option + " must be").contains("was '" + value + "'");
    }

    private static String row(String id, int horizon, String values) {
        int n = values.strip().split(" ").length;
        return id + ",1," + horizon + ",300," + n + "," + values.strip();
    }

    private static String wave(int length) {
        return IntStream.range(0, length).mapToObj(t -> "" + (t * 7 % 11)).collect(Collectors.joining(" "));
    }

    private void write(String... lines) throws IOException {
        Files.write(directory.resolve("x.history.csv"), List.of(lines));
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(directory.resolve(file));
    }

    private int run(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--history", directory.resolve("x.history.csv").toString(),
                "--out", directory.resolve("x.forecast.csv").toString()));
        args.addAll(List.of(more));
        return new CommandLine(new ForecastCommand())
                .setErr(new PrintWriter(err, true))
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println(e.getMessage());
                    return 3;
                })
                .execute(args.toArray(String[]::new));
    }
}
