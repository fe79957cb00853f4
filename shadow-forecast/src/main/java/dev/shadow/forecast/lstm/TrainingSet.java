package dev.shadow.forecast.lstm;

import dev.shadow.spi.metrics.TimeSeries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The windows that a network is trained and judged on. A series is cut by time: what lies before the cut trains, what
 * lies behind it judges, and no step behind the cut is ever an actual of a training window. Immutable.
 */
final class TrainingSet {
    private static final double LARGEST_WEIGHT = 5;
    private static final int FEWEST = 2 * Windows.LENGTH;

    private final List<Member> members;
    private final boolean calendar;

    private static final class Member {
        private final double[] values;
        private final double[] scales;
        private final int season;
        private final int cut;
        private final long startSecond;
        private final double stepSeconds;

        private Member(TimeSeries series, double[] values, double[] scales, int season, int cut) {
            this.values = values;
            this.scales = scales;
            this.season = season;
            this.cut = cut;
            startSecond = series.start().getEpochSecond();
            stepSeconds = seconds(series.step());
        }
    }

    private TrainingSet(List<Member> members, boolean calendar) {
        this.members = members;
        this.calendar = calendar;
    }

    /**
     * Takes the series that vary and are long enough; leaves out the others.
     *
     * @param judged share of each series behind the cut
     */
    static TrainingSet of(List<TimeSeries> series, int season, double judged, boolean calendar) {
        List<Member> members = new ArrayList<>();
        for (TimeSeries one : series) {
            double[] values = one.values();
            int cut = (int) Math.floor(values.length * (1 - judged));
            int lag = 2 * season <= values.length ? season : 1;
            double[] scales = scales(values, lag);
            if (cut >= FEWEST && scales[cut] > 0 && scales[cut] < Double.POSITIVE_INFINITY) {
                members.add(new Member(one, values, scales, lag, cut));
            }
        }
        return new TrainingSet(members, calendar);
    }

    static double seconds(Duration step) {
        return step.getSeconds() + step.getNano() * 1e-9;
    }

    private static double[] scales(double[] values, int season) {
        double[] scales = new double[values.length + 1];
        SeasonalScale scale = SeasonalScale.NONE;
        for (int t = 0; t < values.length; t++) {
            if (t >= season) {
                scale = scale.and(values[t], values[t - season], season);
            }
            scales[t + 1] = scale.value();
        }
        return scales;
    }

    /** Number of series taken. */
    int size() {
        return members.size();
    }

    /** Draws windows that end before the cut, each series as often as any other. */
    void drawTraining(SplittableRandom random, WindowReader reader, Windows windows) {
        for (int row = 0; row < windows.rows; row++) {
            Member member = members.get(random.nextInt(members.size()));
            int end = Windows.LENGTH + random.nextInt(member.cut - Windows.LENGTH);
            fill(member, end, member.cut, reader, windows, row);
        }
    }

    /** Draws windows that end at or behind the cut. */
    void drawJudged(SplittableRandom random, WindowReader reader, Windows windows) {
        for (int row = 0; row < windows.rows; row++) {
            Member member = members.get(random.nextInt(members.size()));
            int end = member.cut + random.nextInt(Math.max(1, member.values.length - member.cut));
            fill(member, end, member.values.length, reader, windows, row);
        }
    }

    private void fill(Member member, int end, int known, WindowReader reader, Windows windows, int row) {
        double scale = member.scales[end];
        reader.open(member.values, end, member.season, scale, 0);
        reader.write(windows, row);
        if (calendar) {
            double endSecond = member.startSecond + end * member.stepSeconds;
            WindowReader.writeCalendar(windows, row, endSecond, member.stepSeconds);
        }
        if (scale > 0) {
            reader.writeTarget(windows, row, known, LARGEST_WEIGHT);
        } else {
            windows.weights[row] = 0;
        }
    }
}
