package dev.shadow.forecast.failure;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the content of a model file. */
final class FailureModelWriter {
    private final DataOutputStream out;

    FailureModelWriter(DataOutputStream out) {
        this.out = out;
    }

    void write(FailureModel model) throws IOException {
        fittedOn(model.fittedOn);
        doubles(model.calibration.offset(), model.calibration.marginWeight(), model.calibration.shareWeight());
        signals(model.signals);
        alarms(model.alarms);
        ensemble(model.boosted);
        ensemble(model.forest);
    }

    private void fittedOn(FittedOn f) throws IOException {
        out.writeInt(f.units());
        out.writeInt(f.failed());
        out.writeInt(f.healthy());
        out.writeInt(f.unknown());
        doubles(f.youngestHours(), f.oldestHours(), f.brierSkill(), f.logLoss());
        out.writeLong(f.options().seed());
        for (EnsembleShape shape : List.of(f.options().boosted(), f.options().forest())) {
            TreeShape tree = shape.tree();
            out.writeInt(shape.bags());
            out.writeInt(shape.rounds());
            out.writeDouble(shape.healthyShare());
            out.writeInt(tree.depth());
            doubles(tree.leastWeight(), tree.ridge(), tree.step(), tree.columnsOfTree(), tree.columnsOfNode());
        }
    }

    private void signals(Signals signals) throws IOException {
        texts(signals.numbers);
        texts(signals.texts);
        for (TextOdds odds : signals.odds) {
            out.writeDouble(odds.ofAll);
            out.writeInt(odds.odds.size());
            for (Map.Entry<String, Double> e : new TreeMap<>(odds.odds).entrySet()) {
                text(e.getKey());
                out.writeDouble(e.getValue());
            }
        }
        out.writeInt(signals.used.size());
        for (Signal signal : signals.used) {
            out.writeByte(signal.aspect().code());
            out.writeInt(signal.source());
        }
    }

    private void alarms(AlarmCurve curve) throws IOException {
        out.writeInt(curve.rows());
        out.writeInt(curve.failures());
        out.writeInt(curve.points().size());
        for (AlarmCurve.Point point : curve.points()) {
            out.writeDouble(point.threshold());
            out.writeInt(point.alarms());
            out.writeInt(point.found());
        }
    }

    private void ensemble(Ensemble ensemble) throws IOException {
        out.writeDouble(ensemble.start);
        out.writeInt(ensemble.bags.size());
        for (List<Tree> bag : ensemble.bags) {
            out.writeInt(bag.size());
            for (Tree tree : bag) {
                tree(tree);
            }
        }
    }

    private void tree(Tree tree) throws IOException {
        out.writeInt(tree.size());
        for (int node = 0; node < tree.size(); node++) {
            out.writeInt(tree.column[node]);
            out.writeDouble(tree.value[node]);
            if (tree.column[node] != Tree.LEAF) {
                out.writeDouble(tree.cut[node]);
                out.writeBoolean(tree.missingRight[node]);
                out.writeInt(tree.left[node]);
            }
        }
    }

    private void texts(List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            text(text);
        }
    }

    private void text(String text) throws IOException {
        byte[] bytes = FailureModelFormat.encoded(text);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private void doubles(double... values) throws IOException {
        for (double value : values) {
            out.writeDouble(value);
        }
    }
}
