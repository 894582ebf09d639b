# Every method that needs no images, at a size that an emulator or an instrument can bear; the tests of builds read this file.

# cell EXPERIMENT OPTION...: of every method one experiment, cut down until an emulator can run it in seconds
cell() {
    experiment=$1
    shift
    $runner run "$experiment" --size smoke --seeds 1 --threads "$threads" --results "$out/results" \
        --manifest "$out.manifest" --quiet "$@"
}

# tiny OUT THREADS RUNNER: RUNNER is the command with what runs it before it
tiny() {
    out=$1 threads=$2 runner=$3
    rm -rf "$out"
    cell mnist1d/classification --model logistic,mlp,cnn,gru --steps 5 --evaluate-every 5 --num-samples 200 --batch 20 &&
        cell mnist1d/pooling --train-examples 100 --steps 5 --batch 20 --evaluate-every 5 --report-every 5 \
            --test-examples 40 --common-examples 100 --fresh-examples 100 &&
        cell mnist1d/double-descent --widths 8 --epochs 2 --num-samples 200 --label-noise 0.15 --batch 20 \
            --fresh-examples 100 &&
        cell mnist1d/lottery --hidden 20 --rounds 3 --ticket-round 1 --steps 6 --score-step 4 --batch 20 \
            --retrain-steps 6 --retrain-batch 40 --num-samples 200 --evaluate-every 5 --fresh-examples 100 &&
        cell mnist1d/meta-learning-rate --outer-steps 2 --inner-steps 5 --num-samples 200 --batch 20 &&
        cell mnist1d/meta-activation --outer-steps 2 --inner-steps 4 --measured-steps 2 --num-samples 2600 --batch 20 \
            --hidden 16 --meta-hidden 8 --fresh-examples 100 &&
        cell mnist1d/self-supervised --epochs 1 --num-samples 200 --evaluate-every 1 --batch 40 --fresh-examples 100 &&
        cell mnist1d/embedding --num-samples 200 --perplexity 10 --early-iterations 10 --iterations 10 \
            --quality-rows 100 --theta 0.5 &&
        cell questions/signals-networks --epochs 1 --train-examples 40 --test-examples 20 --batch 20 \
            --fresh-examples 20 &&
        cell rethinking/inputs --network inception,mlp-1x512 --inputs true,random --label-corruption 1 --epochs 1 \
            --train-examples 40 --batch 20 --fresh-examples 20 &&
        cell rethinking/kernels --features filters --filters 20 --ridge 0,0.1 --label-corruption 0 --train-examples 40 \
            --fresh-examples 20 &&
        cell rethinking/finite-sample --examples 20 --fresh-examples 20 &&
        $runner dataset --num-samples 200 --dtype f8 --format npy --out "$out/data"
}
